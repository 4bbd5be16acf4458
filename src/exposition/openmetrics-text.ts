import { addsUp, baseName } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { encode } from './byte-writer.ts'
import { escapeLabelValue } from './escape.ts'
import { bucketNumbers, histogramNumbers, sameNumbers, summaryNumbers } from './line-numbers.ts'
import { formatCanonicalBound, formatSeconds } from './number.ts'
import { allButStart, openMetricsAdditions } from './openmetrics-additions.ts'
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
import { writtenUnit } from './written-unit.ts'

/** The media type of OpenMetrics 1.0 as text (conformance O1). */
export const OPENMETRICS_TEXT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** The last line; nothing may follow it (conformance O2). */
export const END = '# EOF\n'

/** The metric that describes the target: to be written before all others (conformance O18). */
const TARGET_INFO = 'target_info'

/**
 * Writes families as OpenMetrics 1.0 text (conformance O1–O17), block by block.
 */
export function* writeOpenMetricsText(
  families: Iterable<MetricFamily>,
  options: WriterOptions = {},
): Generator<Uint8Array, void, undefined> {
  const { startTimestamps = false } = options
  yield* writeText(
    targetFirst(families),
    (family, makeLayout) => layoutOf(family, makeLayout, startTimestamps),
    options,
  )
  yield encode(END)
}

/** In the order of OpenMetrics. */
export function targetFirst(families: Iterable<MetricFamily>): Iterable<MetricFamily> {
  const all = [...families]
  const target = all.find(({ name }) => name === TARGET_INFO)
  return target === undefined || target === all[0] ? all : [target, ...all.filter((family) => family !== target)]
}

function layoutOf(family: MetricFamily, makeLayout: MakeLayout, startTimestamps: boolean): TextLayout {
  // Without the suffix of its type, unless nothing is left: then a further one is put behind it.
  const name = baseName(family) || family.name
  const head = (written: string): string => metadataOf(family, written, writtenUnit(family))
  // Behind the samples of its own series: Prometheus looks for it no further (conformance O7).
  const startLine = startTimestamps && addsUp(family.type)
  const layout = (lines: readonly Line[], numbers: FillNumbers, exemplarLines = 0): TextLayout =>
    makeLayout(
      name,
      head,
      family.labelNames,
      startLine ? [...lines, [`${name}_created`]] : lines,
      startLine ? allButStart(numbers) : numbers,
      { timestamp: formatSeconds, additions: openMetricsAdditions(exemplarLines, startLine) },
    )
  switch (family.type) {
    case 'counter':
      return layout([[`${name}_total`]], sameNumbers, 1)
    case 'info':
      return layout([[`${name}_info`]], sameNumbers)
    case 'gauge':
    case 'unknown':
      return layout([[name]], sameNumbers)
    case 'stateset':
      return layout(stateLines(name, family.states), sameNumbers)
    case 'histogram': {
      const buckets = bucketLines(name, family.upperBounds, formatCanonicalBound)
      // Its sum is a counter, which negative observations would let fall; and without a sum there is no count (O10).
      if (family.upperBounds.some((bound) => bound < 0)) return layout(buckets, bucketNumbers, buckets.length)
      return layout([...buckets, ...sumAndCount(name)], histogramNumbers, buckets.length)
    }
    case 'gaugehistogram': {
      const buckets = bucketLines(name, family.upperBounds, formatCanonicalBound)
      return layout([...buckets, [`${name}_gsum`], [`${name}_gcount`]], histogramNumbers, buckets.length)
    }
    case 'summary': {
      const quantiles = quantileLines(name, family.quantiles, formatCanonicalBound)
      return layout([...quantiles, ...sumAndCount(name)], summaryNumbers)
    }
  }
}

/**
 * TYPE, UNIT and HELP; what is empty is absent (conformance O4). Here a help escapes its quotes, too (conformance O5).
 *
 * @param name as it is written
 */
export function metadataOf({ type, help }: MetricFamily, name: string, unit: string): string {
  return (
    `# TYPE ${name} ${type}\n` +
    (unit === '' ? '' : `# UNIT ${name} ${unit}\n`) +
    (help === '' ? '' : `# HELP ${name} ${escapeLabelValue(help)}\n`)
  )
}
