import { integerBelow, logUniformBelow, randomFrom } from '../harness/random.mjs'
import { BUCKETS, METHODS, STATUSES, secondsFrom } from './requests.mjs'

/**
 * How large a service is, in metrics and series.
 *
 * @typedef {{ counters: number, counterSeries: number, histograms: number, histogramSeries: number }} Size series are
 *   those of all metrics of a kind together
 */

/** 2,000 lines. @type {Size} */
export const SMALL = { counters: 10, counterSeries: 600, histograms: 2, histogramSeries: 100 }

/** Observations of each series of a histogram before anything is measured. */
const FIRST_OBSERVATIONS = 5

/**
 * A service that counts requests and observes how long they take.
 *
 * A series is known by its rank: traffic asks for the one of rank k with a likelihood of about 1 / k, whatever its
 * metric. Series are made in the order in which such traffic comes upon them, so popular ones stand near the beginning
 * of a metric, but neither in the order of their ranks nor side by side.
 */
export class Service {
  #size
  #random = randomFrom(7)
  #seconds = secondsFrom(this.#random)
  #counters
  #histograms
  #client

  /**
   * @param {import('../harness/contestants.mjs').Client} client
   * @param {Size} size
   */
  constructor(client, size) {
    this.#client = client
    this.#size = size
    this.#counters = Array.from({ length: size.counters }, (_, i) =>
      client.counter({
        name: `bench_http_server_requests_${i}_total`,
        help: 'Requests answered.',
        labelNames: ['method', 'route', 'status'],
      }),
    )
    this.#histograms = Array.from({ length: size.histograms }, (_, i) =>
      client.histogram({
        name: `bench_http_request_seconds_${i}`,
        help: 'Time to the answer.',
        labelNames: ['method', 'route'],
        buckets: BUCKETS,
      }),
    )
    this.#makeSeries()
  }

  scrape() {
    return this.#client.scrape()
  }

  scrapeGzipped() {
    return this.#client.scrapeGzipped()
  }

  scrapeIn(format) {
    return this.#client.scrapeIn(format)
  }

  /** Increments and observations, log-uniform over the series. */
  takeTraffic(increments, observations) {
    const { counterSeries, histogramSeries } = this.#size
    for (let i = 0; i < increments; i++) this.#inc(logUniformBelow(counterSeries, this.#random), 1)
    for (let i = 0; i < observations; i++) this.#observe(logUniformBelow(histogramSeries, this.#random))
  }

  /** Increments on so many series, which are others each time. */
  takeQuietTraffic(increments, series) {
    const ranks = new Set()
    while (ranks.size < series) ranks.add(logUniformBelow(this.#size.counterSeries, this.#random))
    const asked = [...ranks]
    for (let i = 0; i < increments; i++) this.#inc(asked[i % series], 1)
  }

  #makeSeries() {
    for (const rank of inOrderOfArrival(this.#size.counterSeries, this.#random)) {
      this.#inc(rank, integerBelow(10 ** (1 + integerBelow(6, this.#random)), this.#random))
    }
    for (const rank of inOrderOfArrival(this.#size.histogramSeries, this.#random)) {
      for (let i = 0; i < FIRST_OBSERVATIONS; i++) this.#observe(rank)
    }
  }

  #inc(rank, amount) {
    const { counters } = this.#size
    const at = Math.floor(rank / counters)
    const labels = { method: methodOf(at), route: routeOf(Math.floor(at / 20)), status: STATUSES[(at / 5) & 3] }
    this.#counters[rank % counters].inc(labels, amount)
  }

  #observe(rank) {
    const { histograms } = this.#size
    const at = Math.floor(rank / histograms)
    const labels = { method: methodOf(at), route: routeOf(Math.floor(at / 5)) }
    this.#histograms[rank % histograms].observe(labels, this.#seconds())
  }
}

function methodOf(at) {
  return METHODS[at % METHODS.length]
}

/** A text that is there already: where it comes from is not what is measured. */
function routeOf(at) {
  return (ROUTES[at] ??= `/api/v2/items-${at}/:id`)
}

const ROUTES = []

/**
 * Ranks in the order in which they first arrive, each after a time that is exponential with a rate of 1 / (rank + 1).
 */
function inOrderOfArrival(count, random) {
  const arrival = Float64Array.from({ length: count }, (_, rank) => -Math.log(1 - random()) * (rank + 1))
  return Uint32Array.from({ length: count }, (_, rank) => rank).toSorted((a, b) => arrival[a] - arrival[b])
}
