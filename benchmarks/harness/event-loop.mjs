/**
 * The longest time for which the event loop stood still during some work: the longest gap between two turns of it, by
 * an immediate that follows the other. Before its first turn and after its last counts too.
 *
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} in milliseconds
 */
export async function longestStopDuring(work) {
  let longest = 0
  let last = 0
  let running = true
  const turn = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (running) setImmediate(turn)
  }
  await nextTurn()
  last = performance.now()
  setImmediate(turn)
  await work()
  running = false
  await nextTurn()
  return longest
}

function nextTurn() {
  return new Promise((resolve) => void setImmediate(resolve))
}
