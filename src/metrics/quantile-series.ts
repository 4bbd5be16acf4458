import type { Descriptor } from '../model/descriptor.ts'
import type { SeriesColumns } from '../model/series-columns.ts'
import { coarseNow, forgetTime } from './coarse-clock.ts'
import type { ExemplarCounts } from './sampled-series.ts'
import type { SeriesTable } from './series-table.ts'
import { SlidingQuantiles, type QuantileRules } from './sliding-quantiles.ts'
import { SummarySeries } from './summary-series.ts'

/** One label set of a summary with quantiles: their window is here, count and sum in the row. */
export class QuantileSeries extends SummarySeries {
  readonly #window: SlidingQuantiles

  constructor(
    values: Float64Array,
    at: number,
    descriptor: Descriptor,
    exemplars: ExemplarCounts,
    rules: QuantileRules,
  ) {
    super(values, at, descriptor, exemplars)
    forgetTime()
    this.#window = new SlidingQuantiles(rules, Date.now())
  }

  override observe(value: number): void {
    super.observe(value)
    this.#window.observe(value, coarseNow())
  }

  /** Begins again with an empty window. */
  emptyWindow(): void {
    this.#window.clear()
  }

  /** Only for the metric that gave the series out. */
  static quantilesOf(series: QuantileSeries, nowMs: number): readonly number[] {
    return series.#window.quantiles(nowMs)
  }
}

/**
 * The columns of a summary, with a further one for each quantile.
 *
 * @param table where every row that is in use has its series
 */
export function quantileColumns(table: SeriesTable, columns: SeriesColumns, quantiles: number): SeriesColumns {
  forgetTime()
  const nowMs = Date.now()
  const width = columns.width + quantiles
  const chunks = columns.chunks.map((chunk, i) => {
    const series = table.seriesOf(i)
    const rows = chunk.values.length / columns.width
    const values = new Float64Array(rows * width).fill(Number.NaN)
    for (let row = 0; row < rows; row++) {
      values.set(chunk.values.subarray(row * columns.width, (row + 1) * columns.width), row * width)
      const its = series[row]
      if (its instanceof QuantileSeries) values.set(QuantileSeries.quantilesOf(its, nowMs), row * width + columns.width)
    }
    return { ...chunk, values }
  })
  return { ...columns, width, chunks }
}
