import { CLIENTS, FLOOR } from '../harness/contestants.mjs'
import { answerWithNextScrapes } from '../harness/next-scrapes.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'quiet-scrape',
  figures: [
    {
      name: 'quiet-scrape',
      asks: 'next scrape, quiet: 1,000 increments on 100 series in between',
      unit: 'ms',
      must: [{ atMost: 1 / 50, of: 'rival' }],
      aim: [{ atMost: 1 / 150, of: 'rival' }],
      floor: 'copying what did not change',
    },
    { name: 'quiet-scrape-cpu', asks: 'next scrape, quiet, time of the processor', unit: 'ms' },
  ],
  contestants: [...CLIENTS, FLOOR],
  rounds: { full: 5, quick: 1 },
  answer(round) {
    const { size, takeQuietTraffic } = largeService(round.quick)
    return answerWithNextScrapes(round, size, { traffic: takeQuietTraffic, scrapes: round.quick ? 2 : 5 })
  },
}
