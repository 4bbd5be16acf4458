import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { startChild, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './real-parts.ts'

/** A real Prometheus server. */
export interface Prometheus extends Child {
  readonly url: string
  /** The instant vector of a PromQL expression, now. */
  query(promql: string): Promise<QueryResult[]>
  /** The same of an expression whose values are native histograms. */
  queryHistograms(promql: string): Promise<HistogramResult[]>
  /** The exemplars of the series that a selector names, of the last minutes; with the feature `exemplar-storage`. */
  queryExemplars(selector: string): Promise<ExemplarResult[]>
  targets(): Promise<Target[]>
  /** Type and help of the families, as the targets declared them. */
  metadata(): Promise<FamilyMetadata[]>
  /**
   * Waits until every target was scraped twice after this call. Twice, because a scrape is reported a moment before its
   * samples can be asked for: once the second one is reported, the first one is there.
   */
  scraped(): Promise<void>
}

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface HistogramResult {
  readonly metric: Readonly<Record<string, string>>
  readonly count: number
  readonly sum: number
  /** Populated ones, ascending, the zero bucket among them. */
  readonly buckets: readonly { readonly lower: number; readonly upper: number; readonly count: number }[]
}

export interface ExemplarResult {
  readonly series: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Unix time in seconds. */
  readonly timestamp: number
}

export interface Target {
  readonly labels: Readonly<Record<string, string>>
  readonly health: 'up' | 'down' | 'unknown'
  readonly lastError: string
  /** In milliseconds since the epoch: when its last scrape began. */
  readonly lastScrape: number
}

export interface FamilyMetadata {
  readonly metric: string
  readonly type: string
  readonly help: string
}

export interface PrometheusOptions {
  /** The addresses to scrape, `http://127.0.0.1:8000/metrics`, by the name of their job. */
  readonly scrapeTargets: Readonly<Record<string, string>>
  /** More lines of a job's configuration, such as `basic_auth: { … }`, by its name. */
  readonly settings?: Readonly<Record<string, readonly string[]>>
  /** Between two scrapes, and the longest that one may take, in milliseconds. */
  readonly intervalMs?: number
  /** What `--enable-feature` is given: with `native-histograms`, Prometheus prefers protobuf. */
  readonly features?: readonly string[]
}

/** Prometheus 2.42 looks at its targets 5 to 7 s after its start. */
const secondsToFirstScrape = 20

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { features = [] } = options
  const folder = await mkdtemp(join(tmpdir(), 'narthex-prometheus-'))
  await writeFile(join(folder, 'prometheus.yml'), configuration(options))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = await startChild({
    command: pathOf('prometheus'),
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...features.map((feature) => `--enable-feature=${feature}`),
    ],
    ready: async () => await isReady(url),
    afterwards: async () => await rm(folder, { recursive: true, force: true }),
  })

  const api = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/${path}`)
    const answer = (await response.json()) as { status: string; data: unknown }
    if (answer.status !== 'success') throw new Error(`Prometheus: ${JSON.stringify(answer)}`)
    return answer.data
  }
  const prometheus: Prometheus = {
    ...child,
    url,
    async query(promql) {
      const data = (await api(`query?query=${encodeURIComponent(promql)}`)) as InstantVector
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    },
    async queryHistograms(promql) {
      const data = (await api(`query?query=${encodeURIComponent(promql)}`)) as HistogramVector
      return data.result.map(({ metric, histogram: [, { count, sum, buckets = [] }] }) => ({
        metric,
        count: numberOf(count),
        sum: numberOf(sum),
        buckets: buckets.map(([, lower, upper, own]) => ({
          lower: numberOf(lower),
          upper: numberOf(upper),
          count: numberOf(own),
        })),
      }))
    },
    async queryExemplars(selector) {
      const now = Date.now() / 1000
      const range = `start=${now - 600}&end=${now + 60}`
      const data = (await api(`query_exemplars?query=${encodeURIComponent(selector)}&${range}`)) as ExemplarsOfSeries[]
      return data.flatMap(({ seriesLabels, exemplars }) =>
        exemplars.map(({ labels, value, timestamp }) => ({
          series: seriesLabels,
          labels,
          value: numberOf(value),
          timestamp,
        })),
      )
    },
    async targets() {
      const data = (await api('targets?state=active')) as { activeTargets: (Target & { lastScrape: string })[] }
      return data.activeTargets.map((target) => ({ ...target, lastScrape: Date.parse(target.lastScrape) }))
    },
    async metadata() {
      return (await api('targets/metadata')) as FamilyMetadata[]
    },
    async scraped() {
      const first = await newerScrapes(prometheus, options, Date.now())
      await newerScrapes(prometheus, options, first)
    },
  }
  return prometheus
}

interface InstantVector {
  readonly result: { metric: Record<string, string>; value: [number, string] }[]
}

interface ExemplarsOfSeries {
  readonly seriesLabels: Record<string, string>
  readonly exemplars: { labels: Record<string, string>; value: string; timestamp: number }[]
}

interface HistogramVector {
  readonly result: { metric: Record<string, string>; histogram: [number, NativeHistogram] }[]
}

interface NativeHistogram {
  readonly count: string
  readonly sum: string
  readonly buckets?: [boundaries: number, lower: string, upper: string, count: string][]
}

/** Prometheus writes `+Inf`, which is no number to JavaScript. */
function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}

function configuration({ scrapeTargets, settings = {}, intervalMs = 1000 }: PrometheusOptions): string {
  const jobs = Object.entries(scrapeTargets).map(([job, address]) => {
    const { protocol, host, pathname } = new URL(address)
    const lines = [
      `metrics_path: ${pathname}`,
      `scheme: ${protocol.slice(0, -1)}`,
      `static_configs: [{ targets: ['${host}'] }]`,
      ...(settings[job] ?? []),
    ]
    return `  - job_name: ${job}\n${lines.map((line) => `    ${line}\n`).join('')}`
  })
  const global = `global: { scrape_interval: ${intervalMs}ms, scrape_timeout: ${intervalMs}ms }\n`
  return `${global}scrape_configs:\n${jobs.join('')}`
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok
  } catch {
    return false
  }
}

/** Waits until the last scrape of every target began after `time`; gives the time of the latest. */
async function newerScrapes(prometheus: Prometheus, options: PrometheusOptions, time: number): Promise<number> {
  const expected = Object.keys(options.scrapeTargets).length
  const latest = async (): Promise<number> => {
    const targets = await prometheus.targets()
    if (targets.length < expected || targets.some((target) => target.lastScrape <= time)) {
      throw new Error(`no scrape yet of all ${expected} targets: ${JSON.stringify(targets)}`)
    }
    return Math.max(...targets.map((target) => target.lastScrape))
  }
  return await vi.waitFor(latest, { timeout: secondsToFirstScrape * 1000, interval: 100 })
}
