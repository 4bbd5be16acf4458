import type { MetricFamily } from '../model/metric-family.ts'
import { PROMETHEUS_TEXT_TYPE, writePrometheusText } from './prometheus-text.ts'
import type { WrittenBlocks } from './written-blocks.ts'

/** The formats that narthex writes. */
export type FormatName = 'text'

/** A format: what it is called on the wire, and what writes it. */
export interface Format {
  readonly contentType: string
  /**
   * The exposition, block by block; the caller may pause between two blocks.
   *
   * @param before what the scrape before this one wrote in this format
   */
  write(families: Iterable<MetricFamily>, before?: WrittenBlocks): Iterable<Uint8Array>
}

/** A new format is a writer and a line here. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  text: { contentType: PROMETHEUS_TEXT_TYPE, write: writePrometheusText },
}
