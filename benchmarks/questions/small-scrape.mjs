import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { serviceOn, timed } from '../harness/scraping.mjs'
import { median } from '../harness/stopwatch.mjs'
import { SMALL } from '../workloads/service.mjs'

const WARM_UP_SCRAPES = 60
/** Scrapes of which the mean counts: the garbage of one is often another's to collect. */
const BATCH = 20

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'small-scrape',
  figures: [
    {
      name: 'small-scrape',
      asks: 'small service, 2,000 lines: one scrape, 100 increments and 20 observations after the last',
      unit: 'ms',
      must: [{ atMost: 1 / 8, of: 'rival' }],
      aim: [{ atMost: 1 / 20, of: 'rival' }],
      floor: 'writing lines that changed, copying the rest',
    },
  ],
  contestants: [...CLIENTS, FLOOR],
  async answer({ contestant, quick }) {
    const service = await serviceOn(contestant, SMALL)
    let blocks
    const meanOf = async (scrapes) => {
      let total = 0
      for (let i = 0; i < scrapes; i++) {
        service.takeTraffic(100, 20)
        const { result, milliseconds } = await timed(() => service.scrape())
        total += milliseconds
        blocks = result
      }
      return total / scrapes
    }
    await meanOf(WARM_UP_SCRAPES)
    const means = []
    for (let i = 0; i < (quick ? 5 : 9); i++) means.push(await meanOf(BATCH))
    // All contestants have taken the same traffic only if they have taken as much of it.
    return { figures: { 'small-scrape': median(means) }, counted: countedIn(blocks) }
  },
}
