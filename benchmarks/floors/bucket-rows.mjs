import { BUCKETS } from '../workloads/requests.mjs'

const WIDTH = BUCKETS.length + 2
const BOUNDS = Float64Array.from(BUCKETS)

/** The least that observes: a row per series in one typed array, of a count per bucket and the sum. */
export class BucketRows {
  #values
  #labels = []

  constructor(rows) {
    this.#values = new Float64Array(rows * WIDTH)
  }

  /** @returns {number} where a new row begins */
  add(labels) {
    return (this.#labels.push(labels) - 1) * WIDTH
  }

  observe(at, value) {
    let bucket = 0
    while (bucket < BOUNDS.length && !(value <= BOUNDS[bucket])) bucket++
    this.#values[at + bucket]++
    this.#values[at + WIDTH - 1] += value
  }

  /** @param {string} name */
  blocks(name) {
    const lines = this.#labels.flatMap((labels, row) => {
      const values = this.#values.subarray(row * WIDTH, (row + 1) * WIDTH)
      let count = 0
      const buckets = [...BUCKETS, '+Inf'].map(
        (bound, i) => `${name}_bucket{${labels},le="${bound}"} ${(count += values[i])}\n`,
      )
      return [...buckets, `${name}_sum{${labels}} ${values[WIDTH - 1]}\n`, `${name}_count{${labels}} ${count}\n`]
    })
    return [Buffer.from(lines.join(''))]
  }
}
