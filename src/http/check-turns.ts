/** Checks that wait at most, with the one that runs. */
const MOST_WAITING = 8
/** After a check that failed, so long nothing is checked: whoever guesses gets a part of one processor, and no more. */
const PAUSE_MS = 250
/** Who has not been heard of for so long is not there any more. */
const LEASE_MS = 10_000
const POLL_MS = 20

/**
 * Lets checks run one after the other, in the order in which they came, with a pause after each that failed.
 *
 * Nobody waits for a promise of somebody else. On Workers such a promise never settles when the request that made it
 * has ended, and a request that ends early leaves everything as it is: so who waits looks again and again whose turn it
 * is, and what was left behind runs out.
 */
export class CheckTurns {
  /** Those that wait and the one that runs, in their order, and when each was heard of. */
  readonly #seenMs: Map<object, number> = new Map()
  /** Nothing begins before: a check is running, or one has failed. */
  #freeAtMs = -Infinity

  /** What the check says, or its error; `undefined` if too many wait. */
  async take(check: () => Promise<boolean>): Promise<boolean | undefined> {
    const turn = {}
    this.#forgetTheLost()
    if (this.#seenMs.size >= MOST_WAITING) return undefined
    while (!this.#begins(turn)) await sleep(POLL_MS)
    let isRight = false
    try {
      isRight = await check()
      return isRight
    } finally {
      this.#freeAtMs = performance.now() + (isRight ? 0 : PAUSE_MS)
      this.#seenMs.delete(turn)
    }
  }

  #begins(turn: object): boolean {
    this.#forgetTheLost()
    const nowMs = performance.now()
    this.#seenMs.set(turn, nowMs)
    const [first] = this.#seenMs.keys()
    if (first !== turn || nowMs < this.#freeAtMs) return false
    this.#freeAtMs = nowMs + LEASE_MS
    return true
  }

  #forgetTheLost(): void {
    const oldestMs = performance.now() - LEASE_MS
    for (const [turn, seenMs] of this.#seenMs) if (seenMs < oldestMs) this.#seenMs.delete(turn)
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms) as { unref?(): void }
    timer.unref?.()
  })
}
