import { gunzipSync } from 'node:zlib'
import { CLIENTS } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { nextScrapes } from '../harness/next-scrapes.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'quiet-scrape-gzip',
  figures: [
    {
      name: 'quiet-scrape-gzip',
      asks: 'the quiet scrape gzipped, time of the processor on all threads',
      unit: 'ms',
      must: [{ atMost: 1 / 30, of: 'rival' }],
      aim: [{ atMost: 1 / 100, of: 'rival' }],
    },
    { name: 'quiet-scrape-gzip-size', asks: 'size of the quiet scrape gzipped', unit: 'kB' },
  ],
  contestants: CLIENTS,
  rounds: { full: 5, quick: 1 },
  async answer({ contestant, quick }) {
    const { size, takeQuietTraffic } = largeService(quick)
    const { cpuMilliseconds, blocks } = await nextScrapes(contestant, size, {
      traffic: takeQuietTraffic,
      scrapes: quick ? 2 : 4,
      gzipped: true,
    })
    const member = Buffer.concat(blocks)
    return {
      figures: { 'quiet-scrape-gzip': cpuMilliseconds, 'quiet-scrape-gzip-size': member.length / 1000 },
      counted: countedIn([gunzipSync(member)]),
    }
  },
}
