import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/** What a registry says of itself: a counter with one label. */
export interface OwnDescriptor extends Descriptor {
  readonly type: 'counter'
}

export function ownDescriptor(name: string, help: string, label: string): OwnDescriptor {
  return { name: `narthex_${name}_total`, help, type: 'counter', unit: '', labelNames: [label] }
}

/**
 * The family of a registry's own counter, from the total by label value; none if there is nothing to say.
 * Columns by hand: the registry needs so little of what makes families that all of it would only be carried along.
 */
export function ownFamilies(descriptor: OwnDescriptor, totals: ReadonlyMap<string, number>): MetricFamily[] {
  if (totals.size === 0) return []
  const labelIds = Uint32Array.from(totals.keys(), (_, i) => i + 1)
  const columns = {
    width: 1,
    rowCount: totals.size,
    // More than there will ever be: the last chunk may be shorter, and this is the only one.
    chunkRows: 2 ** 30,
    chunks: [{ values: Float64Array.from(totals.values()), labelIds }],
    labelValues: ['', ...totals.keys()],
  }
  return [{ ...descriptor, columns }]
}
