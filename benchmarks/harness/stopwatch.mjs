/**
 * Times a loop. Warms up first, which also finds how many turns fill a batch.
 *
 * @param {(turns: number) => void} run
 * @param {{ warmUpMs: number, batchMs: number, batches: number }} options
 * @returns {{ nanoseconds: number, turns: number }} per turn in a batch at the lower quartile, for what else runs on
 * the machine only ever adds; and how many turns there were in all
 */
export function timePerTurn(run, { warmUpMs, batchMs, batches }) {
  let turns = 0
  let batch = 1024
  const timed = () => {
    const start = process.hrtime.bigint()
    run(batch)
    const took = Number(process.hrtime.bigint() - start)
    turns += batch
    return took
  }

  const warm = performance.now() + warmUpMs
  while (performance.now() < warm) if (timed() < batchMs * 0.5e6) batch *= 2
  // The code is compiled by now: a batch may take a fraction of what it took before.
  while (timed() < batchMs * 0.75e6) batch *= 2

  // What setting up left behind is nobody's garbage.
  globalThis.gc()
  const perTurn = Array.from({ length: batches }, () => timed() / batch)
  return { nanoseconds: lowerQuartile(perTurn), turns }
}

/** @param {number[]} numbers */
export function median(numbers) {
  return quantile(numbers, 0.5)
}

/** @param {number[]} numbers */
export function lowerQuartile(numbers) {
  return quantile(numbers, 0.25)
}

/** Between the two numbers that are next to it, in proportion. */
function quantile(numbers, at) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * at
  const below = Math.floor(position)
  const above = Math.ceil(position)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}
