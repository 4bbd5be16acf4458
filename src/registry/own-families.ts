import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/** What a registry says of itself: counters with one label. */
export const OWN_DESCRIPTORS: readonly (Descriptor & { readonly type: 'counter' })[] = /* @__PURE__ */ [
  ['collector_failures', 'Scrapes without a collector that threw, hung or clashed with another.', 'collector'],
  ['series_overflow', 'New label sets that went to the overflow series, beyond the maxSeries of the metric.', 'metric'],
  ['exemplars_dropped', 'Exemplars with a wrong label or more than 128 characters, or whose source failed.', 'metric'],
].map(([name, help, label]) => ({
  name: `narthex_${name}_total`,
  help: help!,
  type: 'counter',
  unit: '',
  labelNames: [label!],
}))

/**
 * The families of {@link OWN_DESCRIPTORS}, without those that have nothing to say.
 * Columns by hand: the registry needs so little of what makes families that all of it would only be carried along.
 *
 * @param all the totals by label value, in the same order
 */
export function ownFamilies(...all: readonly ReadonlyMap<string, number>[]): MetricFamily[] {
  return OWN_DESCRIPTORS.flatMap((descriptor, i) => {
    const totals = all[i]!
    if (totals.size === 0) return []
    const columns = {
      width: 1,
      rowCount: totals.size,
      // More than there will ever be: the last chunk may be shorter, and this is the only one.
      chunkRows: 2 ** 30,
      chunks: [
        { values: Float64Array.from(totals.values()), labelIds: Uint32Array.from(totals.keys(), (_, row) => row + 1) },
      ],
      labelValues: ['', ...totals.keys()],
    }
    return { ...descriptor, columns }
  })
}
