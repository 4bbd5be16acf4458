import { MetricError, shown } from '../errors.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { OPENMETRICS_2_TEXT_TYPE, writeOpenMetrics2Text } from './openmetrics-2-text.ts'
import { OPENMETRICS_TEXT_TYPE, writeOpenMetricsText } from './openmetrics-text.ts'
import { PROMETHEUS_PROTOBUF_TYPE, writePrometheusProtobuf } from './prometheus-protobuf.ts'
import { PROMETHEUS_TEXT_TYPE, writePrometheusText } from './prometheus-text.ts'
import type { WriterOptions } from './writer-options.ts'

/**
 * The formats that narthex writes: the Prometheus text format, OpenMetrics 1.0 as text, delimited protobuf, and as an
 * experiment OpenMetrics 2.0 as text.
 */
export type FormatName = 'text' | 'openmetrics' | 'protobuf' | 'openmetrics-2'

/** A format: what it is called on the wire, and what writes it. */
export interface Format {
  readonly contentType: string
  /**
   * The exposition, block by block; the caller may pause between two blocks. An empty one is there for that alone.
   */
  write(families: Iterable<MetricFamily>, options?: WriterOptions): Iterable<Uint8Array>
}

/**
 * In the order in which they are offered to who takes any. A new format is a writer, a line here, and one in
 * `negotiate.ts`.
 */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  text: { contentType: PROMETHEUS_TEXT_TYPE, write: writePrometheusText },
  openmetrics: { contentType: OPENMETRICS_TEXT_TYPE, write: writeOpenMetricsText },
  protobuf: { contentType: PROMETHEUS_PROTOBUF_TYPE, write: writePrometheusProtobuf },
  'openmetrics-2': { contentType: OPENMETRICS_2_TEXT_TYPE, write: writeOpenMetrics2Text },
}

export const FORMAT_NAMES: readonly FormatName[] = /* @__PURE__ */ Object.keys(FORMATS) as FormatName[]

/** Whether `name` is the name of a format. */
export function isFormatName(name: unknown): name is FormatName {
  return typeof name === 'string' && Object.hasOwn(FORMATS, name)
}

/** @throws {MetricError} `INVALID_OPTION` if there is no such format */
export function formatNamed(name: FormatName): Format {
  if (isFormatName(name)) return FORMATS[name]
  throw new MetricError('INVALID_OPTION', `There is no format ${shown(name)}: ${FORMAT_NAMES.join(', ')} are known.`)
}
