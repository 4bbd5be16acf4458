import { CLIENTS } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { longestStopDuring } from '../harness/event-loop.mjs'
import { serviceOn } from '../harness/scraping.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'event-loop-stop',
  figures: [
    {
      name: 'event-loop-stop',
      asks: 'longest stop of the event loop during a first, two busy and two quiet scrapes',
      unit: 'ms',
      must: [{ atMost: 1 / 50, of: 'rival' }],
      aim: [
        { atMost: 1 / 300, of: 'rival' },
        { atMost: 5, of: 'unit' },
      ],
    },
  ],
  contestants: CLIENTS,
  rounds: { full: 5, quick: 1 },
  async answer({ contestant, quick }) {
    const { size, takeBusyTraffic, takeQuietTraffic } = largeService(quick)
    const service = await serviceOn(contestant, size)
    const stops = []
    let blocks
    const scrape = async () => {
      stops.push(
        await longestStopDuring(async () => {
          blocks = await service.scrape()
        }),
      )
    }
    await scrape()
    for (let i = 0; i < 2; i++) {
      takeBusyTraffic(service)
      await scrape()
    }
    for (let i = 0; i < 2; i++) {
      takeQuietTraffic(service)
      await scrape()
    }
    return { figures: { 'event-loop-stop': Math.max(...stops) }, counted: countedIn(blocks) }
  },
}
