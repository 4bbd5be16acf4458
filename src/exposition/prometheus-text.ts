import type { MetricType } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { escapeHelp } from './escape.ts'
import { histogramNumbers, scalarNumbers, stateNumbers, summaryNumbers } from './line-numbers.ts'
import { formatBound } from './number.ts'
import {
  bucketLines,
  lineLayout,
  quantileLines,
  stateLines,
  sumAndCount,
  textLayout,
  type TextLayout,
} from './text-layout.ts'
import { writeText } from './text-writer.ts'
import type { WriterOptions } from './writer-options.ts'

/** The media type of the Prometheus text format 0.0.4 (conformance T1). */
export const PROMETHEUS_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The media type of the Prometheus text format 1.0.0 (conformance T1), less its `escaping=`. Its bytes are those of 0.0.4
 * as long as every name has only letters, digits, `_` and `:`, and narthex knows no others.
 */
export const PROMETHEUS_TEXT_1_TYPE = 'text/plain; version=1.0.0; charset=utf-8'

/** The types that the format knows (conformance T3). */
const TYPES: Readonly<Record<MetricType, string>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  gaugehistogram: 'histogram',
  summary: 'summary',
  info: 'gauge',
  stateset: 'gauge',
  unknown: 'untyped',
}

/** Writes families in the Prometheus text format 0.0.4 (conformance T1–T9), block by block. */
export function writePrometheusText(
  families: Iterable<MetricFamily>,
  { before }: WriterOptions = {},
): Generator<Uint8Array, void, undefined> {
  return writeText(families, layoutOf, before)
}

function layoutOf(family: MetricFamily): TextLayout {
  const { name, help, type, labelNames } = family
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${TYPES[type]}\n`
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return textLayout(head, labelNames, [lineLayout(name)], scalarNumbers)
    case 'stateset':
      return textLayout(head, labelNames, stateLines(name, family.states), stateNumbers)
    case 'histogram':
    case 'gaugehistogram': {
      const buckets = bucketLines(name, family.upperBounds, formatBound)
      return textLayout(head, labelNames, [...buckets, ...sumAndCount(name)], histogramNumbers)
    }
    case 'summary': {
      const quantiles = quantileLines(name, family.quantiles, formatBound)
      return textLayout(head, labelNames, [...quantiles, ...sumAndCount(name)], summaryNumbers)
    }
  }
}
