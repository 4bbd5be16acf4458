/** Metrics of a question begin so; what a client says of itself is not compared. */
export const PREFIX = 'bench_'

/**
 * What an exposition holds, whatever the order of its lines and labels and the writing of its numbers.
 *
 * @typedef {object} Counted
 * @property {number} samples
 * @property {string} digest equal for equal samples
 * @property {number} events increments and observations together
 */

/**
 * Reads no more than questions write: no label value of theirs holds a quote, a comma or a brace.
 *
 * @param {Uint8Array[]} blocks
 * @param {{ valuesMayDiffer?: boolean }} [options] times differ; then only series and counts are compared
 * @returns {Counted}
 */
export function countedIn(blocks, { valuesMayDiffer = false } = {}) {
  let samples = 0
  let sum = 0
  let events = 0
  for (const line of Buffer.concat(blocks).toString('latin1').split('\n')) {
    if (!line.startsWith(PREFIX)) continue
    const opened = line.indexOf('{')
    const closed = line.indexOf('}', opened)
    const name = line.slice(0, opened)
    const value = Number(line.slice(closed + 1))
    if (opened < 0 || closed < 0 || Number.isNaN(value)) throw new Error(`Not a sample of a question: ${line}`)
    const isCount = name.endsWith('_count')
    if (isCount || name.endsWith('_total')) events += value
    samples++
    // Both are below 2^52, so that their sum is exact and the order of the lines does not matter.
    sum = (sum + hash(name, sorted(line.slice(opened + 1, closed)), valuesMayDiffer && !isCount ? 0 : value)) % 2 ** 52
  }
  return { samples, digest: sum.toString(16), events }
}

/** Label pairs in one order, and a bound in one writing. */
function sorted(labels) {
  const pairs = labels.split(',')
  for (let i = 0; i < pairs.length; i++) {
    if (!pairs[i].startsWith('le="')) continue
    const bound = pairs[i].slice(4, -1)
    pairs[i] = `le="${bound === '+Inf' ? bound : Number(bound)}"`
  }
  return pairs.toSorted().join(',')
}

/** FNV-1a, twice, to 52 bits. */
function hash(name, labels, value) {
  const text = `${name}{${labels}} ${value}`
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x85ebca6b) ^ (low >>> 13)
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0)
}
