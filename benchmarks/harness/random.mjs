/**
 * A seeded source of numbers from 0 to 1, so that every contestant gets the same questions: mulberry32 (public domain,
 * Tommy Ettinger).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An integer from 0 to `count` - 1, each as likely. */
export function integerBelow(count, random) {
  return Math.floor(random() * count)
}

/** An integer from 0 to `count` - 1 that is k with a likelihood of about 1 / (k + 1). */
export function logUniformBelow(count, random) {
  return Math.min(count - 1, Math.floor(Math.exp(random() * Math.log(count + 1))) - 1)
}
