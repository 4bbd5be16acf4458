import type { MetricType } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { escapeHelp } from './escape.ts'
import { histogramNumbers, sameNumbers, summaryNumbers } from './line-numbers.ts'
import { formatBound } from './number.ts'
import {
  bucketLines,
  quantileLines,
  stateLines,
  sumAndCount,
  type FillNumbers,
  type Line,
  type MakeLayout,
  type TextLayout,
} from './text-layout.ts'
import { writeText } from './text-writer.ts'
import type { WriterOptions } from './writer-options.ts'

/** The media type of the Prometheus text format 0.0.4 (conformance T1). */
export const PROMETHEUS_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The media type of the Prometheus text format 1.0.0 (conformance T1), less its `escaping=`. Its bytes are those of
 * 0.0.4, but where names may stand in quotes (conformance T10).
 */
export const PROMETHEUS_TEXT_1_TYPE = 'text/plain; version=1.0.0; charset=utf-8'

/** What the types are called that the format does not know (conformance T3). */
const TYPES: Readonly<Partial<Record<MetricType, string>>> = {
  gaugehistogram: 'histogram',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
}

/**
 * Writes families in the Prometheus text format 0.0.4 (conformance T1–T9), block by block; with {@link quotedLayout} in
 * 1.0.0 (conformance T10).
 */
export function writePrometheusText(
  families: Iterable<MetricFamily>,
  options: WriterOptions = {},
): Generator<Uint8Array, void, undefined> {
  return writeText(families, layoutOf, options)
}

function layoutOf(family: MetricFamily, makeLayout: MakeLayout): TextLayout {
  const { name, help, type, labelNames } = family
  const head = (written: string): string =>
    `# HELP ${written} ${escapeHelp(help)}\n# TYPE ${written} ${TYPES[type] ?? type}\n`
  const layout = (lines: readonly Line[], numbers: FillNumbers): TextLayout =>
    makeLayout(name, head, labelNames, lines, numbers)
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return layout([[name]], sameNumbers)
    case 'stateset':
      return layout(stateLines(name, family.states), sameNumbers)
    case 'histogram':
    case 'gaugehistogram':
      return layout([...bucketLines(name, family.upperBounds, formatBound), ...sumAndCount(name)], histogramNumbers)
    case 'summary':
      return layout([...quantileLines(name, family.quantiles, formatBound), ...sumAndCount(name)], summaryNumbers)
  }
}
