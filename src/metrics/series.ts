/**
 * One label set of a metric (a "child" in other clients): a place in the metric's memory.
 * Keep it where the same labels are used again and again; recording through it looks nothing up.
 *
 * A series that was removed goes on recording, unseen: it belongs to no exposition any more, nor to a new series with
 * the same labels.
 */
export abstract class Series {
  /** The chunk that holds the row. */
  protected values: Float64Array
  /** Where in `values` the row begins. */
  protected at: number

  protected constructor(values: Float64Array, at: number) {
    this.values = values
    this.at = at
  }

  /** Points a series to another place. Only for the table that gave it out. */
  static move(series: Series, values: Float64Array, at: number): void {
    series.values = values
    series.at = at
  }
}
