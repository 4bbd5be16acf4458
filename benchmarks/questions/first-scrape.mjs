import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { serviceOn, timed } from '../harness/scraping.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'first-scrape',
  figures: [
    {
      name: 'first-scrape',
      asks: 'first scrape, 100,000 counters and 10,000 histograms: 240,000 lines',
      unit: 'ms',
      must: [{ atMost: 1 / 8, of: 'rival' }],
      aim: [{ atMost: 1 / 12, of: 'rival' }],
      floor: 'writing pre-rendered prefixes',
    },
    { name: 'first-scrape-cpu', asks: 'first scrape, time of the processor', unit: 'ms' },
  ],
  contestants: [...CLIENTS, FLOOR],
  rounds: { full: 5, quick: 1 },
  async answer({ contestant, quick }) {
    const service = await serviceOn(contestant, largeService(quick).size)
    const { result, milliseconds, cpuMilliseconds } = await timed(() => service.scrape())
    return {
      figures: { 'first-scrape': milliseconds, 'first-scrape-cpu': cpuMilliseconds },
      counted: countedIn(result),
    }
  },
}
