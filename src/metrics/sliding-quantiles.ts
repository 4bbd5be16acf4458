import { QuantileSketch } from './quantile-sketch.ts'

/** What a summary with quantiles was declared with, checked. */
export interface QuantileRules {
  /** Ascending, from 0 to 1; one at least. */
  readonly quantiles: readonly number[]
  readonly maxAgeMs: number
  /** The window moves on by one of so many parts. */
  readonly ageBuckets: number
}

/**
 * The quantiles of what was observed lately: of the last `maxAgeMs`, less one part of the window at most. Each value is
 * counted once, in the part of its time; a scrape adds the parts up. Whoever records says the time.
 */
export class SlidingQuantiles {
  readonly #rules: QuantileRules
  /** A ring: the one that is recorded into, and those before it. */
  readonly #parts: readonly QuantileSketch[]
  readonly #partMs: number
  #current = 0
  /** When the current part ends. */
  #endMs: number
  #answer: readonly number[] | undefined

  constructor(rules: QuantileRules, nowMs: number) {
    this.#rules = rules
    this.#parts = Array.from({ length: rules.ageBuckets }, () => new QuantileSketch())
    this.#partMs = rules.maxAgeMs / rules.ageBuckets
    this.#endMs = nowMs + this.#partMs
  }

  observe(value: number, nowMs: number): void {
    if (this.#isOver(nowMs)) this.#moveOn(nowMs)
    this.#parts[this.#current]!.add(value)
    this.#answer = undefined
  }

  /** A value per quantile, NaN if nothing was observed in the window (conformance O12). */
  quantiles(nowMs: number): readonly number[] {
    if (this.#isOver(nowMs)) this.#moveOn(nowMs)
    return (this.#answer ??= QuantileSketch.sum(this.#parts).quantiles(this.#rules.quantiles))
  }

  clear(): void {
    for (const part of this.#parts) part.clear()
    this.#answer = undefined
  }

  /** Whether the current part has ended, or the clock was set back to before it began. */
  #isOver(nowMs: number): boolean {
    return nowMs >= this.#endMs || nowMs < this.#endMs - this.#partMs
  }

  /** Empties the parts whose time has come again, all of them at most. */
  #moveOn(nowMs: number): void {
    if (nowMs < this.#endMs) {
      // By the new time the parts before end when they would have ended by the old one.
      this.#endMs = nowMs + this.#partMs
      return
    }
    const steps = Math.floor((nowMs - this.#endMs) / this.#partMs) + 1
    for (let i = 0; i < Math.min(steps, this.#parts.length); i++) {
      this.#current = (this.#current + 1) % this.#parts.length
      this.#parts[this.#current]!.clear()
    }
    this.#endMs += steps * this.#partMs
    this.#answer = undefined
  }
}
