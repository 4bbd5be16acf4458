/** Three digits that matter, and the unit: for people. */
export function withUnit(value, unit) {
  if (unit === 'B' && value >= 10_000) return `${threeDigits(value / 1000)} kB`
  if (unit === 'ns' && value >= 1e6) return `${threeDigits(value / 1e6)} ms`
  return `${threeDigits(value)} ${unit}`
}

/** @param {number} value */
export function threeDigits(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

/** `12×`, or a dash where there is nothing to compare. */
export function times(ratio) {
  return ratio === undefined ? '–' : `${threeDigits(ratio)}×`
}
