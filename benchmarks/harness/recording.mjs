import { liveIn } from '../workloads/lived-in.mjs'
import { FLOOR, load } from './contestants.mjs'
import { countedIn } from './digest.mjs'
import { timePerTurn } from './stopwatch.mjs'

/** Turns before the clock runs, after which all contestants must have counted the same. */
const PROOF = 20_480

const FULL = { warmUpMs: 300, batchMs: 40, batches: 12 }
const QUICK = { warmUpMs: 150, batchMs: 20, batches: 7 }

/**
 * A loop that records, and what it has recorded.
 *
 * @typedef {object} Recording
 * @property {(turns: number) => void} run
 * @property {() => Promise<Uint8Array[]> | Uint8Array[]} scrape
 */

/**
 * Answers a question about the nanoseconds of one recording.
 *
 * @param {import('./questions.mjs').Round} round
 * @param {{ client: (client: import('./contestants.mjs').Client) => Recording, floor: () => Recording }} recordings
 * @param {object} [digestOptions] see `countedIn`
 * @returns {Promise<import('./questions.mjs').Answer>}
 */
export async function timeRecording({ question, contestant, quick }, recordings, digestOptions) {
  const { run, scrape } = await recordingOf(contestant, recordings)
  run(PROOF)
  const counted = countedIn(await scrape(), digestOptions)
  const { nanoseconds, turns } = timePerTurn(run, quick ? QUICK : FULL)
  const { events } = countedIn(await scrape(), digestOptions)
  if (events !== PROOF + turns) throw new Error(`${events} events were counted of ${PROOF + turns}`)
  return { figures: { [question]: nanoseconds }, counted }
}

async function recordingOf(contestant, { client, floor }) {
  if (contestant === FLOOR) return floor()
  const open = await load(contestant)
  await liveIn(open)
  return client(open())
}
