/**
 * Finds what belongs to label values by position: nested maps, as a careful hand writes them for a fixed number of
 * labels.
 */

/** @returns {(a: string, b: string) => T} @template T @param {() => T} make */
export function byTwoLabels(make) {
  const root = new Map()
  return (a, b) => {
    let second = root.get(a)
    if (second === undefined) root.set(a, (second = new Map()))
    let found = second.get(b)
    if (found === undefined) second.set(b, (found = make(a, b)))
    return found
  }
}

/** @returns {(a: string, b: string, c: string) => T} @template T @param {() => T} make */
export function byThreeLabels(make) {
  const root = new Map()
  return (a, b, c) => {
    let second = root.get(a)
    if (second === undefined) root.set(a, (second = new Map()))
    let third = second.get(b)
    if (third === undefined) second.set(b, (third = new Map()))
    let found = third.get(c)
    if (found === undefined) third.set(c, (found = make(a, b, c)))
    return found
  }
}
