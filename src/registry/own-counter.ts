import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/** What a registry says of itself: a counter with one label. */
export interface OwnDescriptor extends Descriptor {
  readonly type: 'counter'
  readonly labelNames: readonly [string]
}

/**
 * The family of a registry's own counter, from the total by label value.
 * Columns by hand: the registry needs so little of what makes families that all of it would only be carried along.
 */
export function ownCounter(descriptor: OwnDescriptor, totals: ReadonlyMap<string, number>): MetricFamily {
  const texts = [...totals.keys()]
  const chunk = { values: Float64Array.from(totals.values()), labelIds: Uint32Array.from(texts, (_, i) => i + 1) }
  const chunkRows = 2 ** Math.ceil(Math.log2(Math.max(1, totals.size)))
  return {
    ...descriptor,
    columns: { width: 1, rowCount: totals.size, chunkRows, chunks: [chunk], labelValues: ['', ...texts] },
  }
}
