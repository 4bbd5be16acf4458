/** How long work may hold up the event loop at a time, in milliseconds. */
const SLICE_MS = 2

/** Long work in short slices: between two of them, everything that waits has its turn. */
export class TimeSlices {
  #beganAt: number = performance.now()

  /** Whether it is time for a {@link pause}. */
  get isOver(): boolean {
    return performance.now() - this.#beganAt >= SLICE_MS
  }

  async pause(): Promise<void> {
    await untilOthersHadTheirTurn()
    this.#beganAt = performance.now()
  }
}

/** Where there is `setImmediate`, without the millisecond that a timer takes. */
function untilOthersHadTheirTurn(): Promise<void> {
  const { setImmediate = setTimeout } = globalThis as { setImmediate?: (callback: () => void) => unknown }
  return new Promise((resolve) => void setImmediate(resolve))
}
