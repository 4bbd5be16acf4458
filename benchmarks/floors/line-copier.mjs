import { BUCKETS } from '../workloads/requests.mjs'

const WIDTH = BUCKETS.length + 2
const BOUNDS = Float64Array.from(BUCKETS)
const encoder = new TextEncoder()

/**
 * The least that scrapes: the lines but for their values were written beforehand, and a line whose value is that of the
 * last time is copied from there, together with its neighbours of which that is true. It only counts and observes
 * beside, without haste.
 */
export function open() {
  const copier = new LineCopier()
  return {
    counter: ({ name, labelNames }) => ({
      inc(labels, amount = 1) {
        const row = copier.rowOf(name, labelNames, labels, [name])
        copier.values[row] += amount
      },
    }),
    histogram: ({ name, labelNames }) => ({
      observe(labels, value) {
        const row = copier.rowOf(name, labelNames, labels, linesOfHistogram(name))
        for (let i = BOUNDS.length; i >= 0 && (i === BOUNDS.length || value <= BOUNDS[i]); i--) copier.values[row + i]++
        copier.values[row + WIDTH - 1] += value
        copier.values[row + WIDTH]++
      },
    }),
    scrape: async () => [copier.write()],
  }
}

class LineCopier {
  /** By line. */
  values = new Float64Array(1024)
  #lines = 0
  #rows = new Map()
  /** All lines but their values, one after the other, and where each begins. */
  #prefixes = new Uint8Array(1 << 16)
  #prefixAt = new Uint32Array(1025)
  /** What was written last: the values, the bytes, and where each line begins. */
  #lastValues = new Float64Array(0)
  #lastBytes = new Uint8Array(0)
  #lastAt = new Uint32Array(0)

  /** The first line of a series, whose lines are made if they are new. */
  rowOf(metric, labelNames, labels, names) {
    let key = metric
    for (const label of labelNames) key += `\n${labels[label]}`
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const row = this.#lines
    const pairs = labelNames.map((label) => `${label}="${labels[label]}"`).join(',')
    for (const name of names) this.#addLine(name.includes('{') ? `${name},${pairs}} ` : `${name}{${pairs}} `)
    this.#rows.set(key, row)
    return row
  }

  #addLine(prefix) {
    const line = this.#lines++
    if (line === this.values.length) {
      this.values = grown(this.values, line * 2)
      this.#prefixAt = grown(this.#prefixAt, line * 2 + 1)
    }
    const at = this.#prefixAt[line]
    if (at + prefix.length > this.#prefixes.length) this.#prefixes = grown(this.#prefixes, this.#prefixes.length * 2)
    this.#prefixes.set(encoder.encode(prefix), at)
    this.#prefixAt[line + 1] = at + prefix.length
  }

  write() {
    const lines = this.#lines
    const bytes = Buffer.allocUnsafe(this.#prefixAt[lines] + lines * 25)
    const lineAt = new Uint32Array(lines + 1)
    let at = 0
    for (let line = 0; line < lines;) {
      const first = line
      const from = at
      while (line < this.#lastValues.length && this.values[line] === this.#lastValues[line]) {
        at += this.#lastAt[line + 1] - this.#lastAt[line]
        lineAt[++line] = at
      }
      if (line > first) bytes.set(this.#lastBytes.subarray(this.#lastAt[first], this.#lastAt[line]), from)
      if (line === lines) break
      at = this.#writeLine(bytes, at, line)
      lineAt[++line] = at
    }
    this.#lastValues = this.values.slice(0, lines)
    this.#lastBytes = bytes.subarray(0, at)
    this.#lastAt = lineAt
    return this.#lastBytes
  }

  #writeLine(bytes, start, line) {
    let at = start
    const to = this.#prefixAt[line + 1]
    for (let from = this.#prefixAt[line]; from < to; from++) bytes[at++] = this.#prefixes[from]
    const value = String(this.values[line])
    for (let i = 0; i < value.length; i++) bytes[at++] = value.charCodeAt(i)
    bytes[at++] = 10
    return at
  }
}

function linesOfHistogram(name) {
  const buckets = [...BUCKETS, '+Inf'].map((bound) => `${name}_bucket{le="${bound}"`)
  return [...buckets, `${name}_sum`, `${name}_count`]
}

function grown(array, length) {
  const copy = new array.constructor(length)
  copy.set(array)
  return copy
}
