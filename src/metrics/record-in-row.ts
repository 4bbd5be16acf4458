/** What a verb does to a series: records `value` in the row that begins at `at`. `context` is the metric's own, such as bounds. */
export type RecordInRow<Context> = (values: Float64Array, at: number, value: number, context: Context) => void

export function put(values: Float64Array, at: number, value: number): void {
  values[at] = value
}

export function add(values: Float64Array, at: number, amount: number): void {
  values[at]! += amount
}

export function subtract(values: Float64Array, at: number, amount: number): void {
  values[at]! -= amount
}
