import type { MetricType } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { escapeHelp, escapeLabelValue } from './escape.ts'
import { formatBound } from './number.ts'
import { lineLayout, textLayout, type LineLayout, type TextLayout } from './text-layout.ts'
import { writeText } from './text-writer.ts'
import type { WrittenBlocks } from './written-blocks.ts'

/** The media type of the Prometheus text format 0.0.4 (conformance T1). */
export const PROMETHEUS_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

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

/**
 * Writes families in the Prometheus text format 0.0.4 (conformance T1–T9), block by block.
 *
 * @param before what the scrape before this one wrote; what has not changed is taken from there
 */
export function writePrometheusText(
  families: Iterable<MetricFamily>,
  before?: WrittenBlocks,
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
      return textLayout(
        head,
        labelNames,
        family.states.map((state) => lineLayout(name, `${name}="${escapeLabelValue(state)}"`)),
        stateNumbers,
      )
    case 'histogram':
    case 'gaugehistogram': {
      const bounds = [...family.upperBounds.map(formatBound), '+Inf']
      const buckets = bounds.map((bound) => lineLayout(`${name}_bucket`, `le="${bound}"`))
      return textLayout(head, labelNames, [...buckets, ...sumAndCount(name)], histogramNumbers)
    }
    case 'summary': {
      const quantiles = family.quantiles.map((quantile) => lineLayout(name, `quantile="${formatBound(quantile)}"`))
      return textLayout(head, labelNames, [...quantiles, ...sumAndCount(name)], summaryNumbers)
    }
  }
}

function sumAndCount(name: string): LineLayout[] {
  return [lineLayout(`${name}_sum`), lineLayout(`${name}_count`)]
}

function scalarNumbers(values: Float64Array, at: number, into: Float64Array): void {
  into[0] = values[at]!
}

function stateNumbers(values: Float64Array, at: number, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = values[at + i]!
}

/** From a count per bucket to cumulative ones, the sum and the count. */
function histogramNumbers(values: Float64Array, at: number, into: Float64Array): void {
  const buckets = into.length - 2
  let count = 0
  for (let i = 0; i < buckets; i++) into[i] = count += values[at + i]!
  into[buckets] = values[at + buckets]!
  into[buckets + 1] = count
}

/** From count, sum and quantiles to quantiles, sum and count. */
function summaryNumbers(values: Float64Array, at: number, into: Float64Array): void {
  const quantiles = into.length - 2
  for (let i = 0; i < quantiles; i++) into[i] = values[at + 2 + i]!
  into[quantiles] = values[at + 1]!
  into[quantiles + 1] = values[at]!
}
