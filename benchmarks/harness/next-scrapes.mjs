import { countedIn } from './digest.mjs'
import { serviceOn, timed } from './scraping.mjs'
import { median } from './stopwatch.mjs'

/** Scrapes before the clock runs: the first, and one that compiles what later ones use. */
const WARM_UP = 2

/**
 * Scrapes a service again and again, with traffic in between.
 *
 * @param {string} contestant
 * @param {import('../workloads/service.mjs').Size} size
 * @param {{ traffic: (service: import('../workloads/service.mjs').Service) => void, scrapes: number,
 *   gzipped?: boolean }} options
 * @returns {Promise<{ milliseconds: number, cpuMilliseconds: number, blocks: Uint8Array[] }>} medians, and the last
 * exposition
 */
export async function nextScrapes(contestant, size, { traffic, scrapes, gzipped = false }) {
  const service = await serviceOn(contestant, size)
  const times = []
  let blocks
  for (let i = 0; i < WARM_UP + scrapes; i++) {
    if (i > 0) traffic(service)
    const { result, ...time } = await timed(() => (gzipped ? service.scrapeGzipped() : service.scrape()))
    if (i >= WARM_UP) times.push(time)
    blocks = result
  }
  return {
    milliseconds: median(times.map(({ milliseconds }) => milliseconds)),
    cpuMilliseconds: median(times.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    blocks,
  }
}

/** An answer about such scrapes under the name of the question, by the clock and of the processor. */
export async function answerWithNextScrapes({ question, contestant }, size, options) {
  const { milliseconds, cpuMilliseconds, blocks } = await nextScrapes(contestant, size, options)
  return {
    figures: { [question]: milliseconds, [`${question}-cpu`]: cpuMilliseconds },
    counted: countedIn(blocks),
  }
}
