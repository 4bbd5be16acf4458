import type { Exemplar } from '../model/exemplar.ts'

/** As many, and for as long, as in the Go client (conformance H12). */
const MOST = 10
const KEPT_MS = 300_000

/** Above the binary logarithm of any number, and below that of the smallest. */
const LARGEST_LOG = 1025
const SMALLEST_LOG = -1075

/**
 * The exemplars of a native histogram: a few, spread evenly over the magnitudes of what was observed (conformance H12).
 */
export class NativeExemplars {
  /** By value, never changed: others replace it. */
  #exemplars: readonly Exemplar[] = []

  /** Takes an exemplar. If there are too many then, the older one of the two that are closest to each other goes. */
  add(added: Exemplar): void {
    const others = this.at(added.timestampMs!)
    const place = others.findIndex(({ value }) => value > added.value)
    const all = place < 0 ? [...others, added] : others.toSpliced(place, 0, added)
    if (all.length <= MOST) {
      this.#exemplars = all
      return
    }
    const right = closestToTheLeft(all)
    const [one, other] = [all[right - 1]!, all[right]!]
    // The new one may be no newer by the clock.
    const goes = other === added || (one !== added && one.timestampMs! <= other.timestampMs!) ? right - 1 : right
    this.#exemplars = all.toSpliced(goes, 1)
  }

  /** Those that are not too old. The same array as long as they are the same. */
  at(nowMs: number): readonly Exemplar[] {
    // One of the future is of a clock that was set back since.
    const isKept = ({ timestampMs }: Exemplar): boolean => Math.abs(nowMs - timestampMs!) <= KEPT_MS
    if (!this.#exemplars.every(isKept)) this.#exemplars = this.#exemplars.filter(isKept)
    return this.#exemplars
  }
}

/** The place of the exemplar that is closest to the one on its left. */
function closestToTheLeft(exemplars: readonly Exemplar[]): number {
  let closest = 1
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < exemplars.length; i++) {
    const distance = placeOf(exemplars[i]!.value) - placeOf(exemplars[i - 1]!.value)
    if (distance >= least) continue
    least = distance
    closest = i
  }
  return closest
}

/** Where a value is on a scale on which equal ratios are equally far, with zero in the middle of both signs. */
function placeOf(value: number): number {
  const log = Math.log2(Math.abs(value))
  return Math.sign(value) * (Math.min(LARGEST_LOG, Math.max(SMALLEST_LOG, log)) - SMALLEST_LOG)
}
