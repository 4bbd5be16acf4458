import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { answerWithNextScrapes } from '../harness/next-scrapes.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'busy-scrape',
  figures: [
    {
      name: 'busy-scrape',
      asks: 'next scrape, busy: 50,000 increments and 10,000 observations in between, log-uniform over the series',
      unit: 'ms',
      must: [{ atMost: 1 / 10, of: 'rival' }],
      aim: [{ atMost: 1 / 25, of: 'rival' }],
      floor: 'writing lines that changed, copying the rest',
    },
    { name: 'busy-scrape-cpu', asks: 'next scrape, busy, time of the processor', unit: 'ms' },
  ],
  contestants: [...CLIENTS, FLOOR],
  rounds: { full: 5, quick: 1 },
  answer(round) {
    const { size, takeBusyTraffic } = largeService(round.quick)
    return answerWithNextScrapes(round, size, { traffic: takeBusyTraffic, scrapes: round.quick ? 2 : 4 })
  },
}
