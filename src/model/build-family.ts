import { isArray, MetricError, shown } from '../errors.ts'
import { columnsOf } from './build-columns.ts'
import {
  checkCount,
  checkExemplars,
  checkLabels,
  checkNative,
  checkNumber,
  checkStart,
  checkTimestamp,
} from './build-checks.ts'
import type { HistogramValue } from './histogram-value.ts'
import type { HistogramFamily, MetricFamily, ScalarFamily } from './metric-family.ts'
import { isUtf8Name } from './names.ts'
import type { Sample, StateSetValue, SummaryValue } from './sample.ts'

/** What {@link metricFamily} builds from: the descriptor and the rows. */
export type MetricFamilyOptions = { readonly name: string; readonly help: string; readonly unit?: string } & (
  | { readonly type: ScalarFamily['type']; readonly samples: readonly Sample<number>[] }
  | {
      readonly type: HistogramFamily['type']
      readonly upperBounds: readonly number[]
      readonly samples: readonly Sample<HistogramValue>[]
    }
  | {
      readonly type: 'summary'
      readonly quantiles: readonly number[]
      readonly samples: readonly Sample<SummaryValue>[]
    }
  | {
      readonly type: 'stateset'
      readonly states: readonly string[]
      readonly samples: readonly Sample<StateSetValue>[]
    }
)

/**
 * A family built by hand from rows: what a custom collector yields.
 * Its series may differ in label names (conformance CL12). Names may be any text (conformance N1).
 *
 * Numbers are written as they are given: that a counter is not negative, or an info 1, is for the collector to see to
 * (conformance O9–O13); servers take them.
 *
 * @throws {MetricError} `INVALID_FAMILY` for what could not be written, or would cost the whole scrape: a wrong name,
 * help, label or time, a label that the format has itself, a value that does not have the buckets or quantiles of the
 * family, buckets, classic or native, that count otherwise than the histogram.
 *
 * @example
 * ```ts
 * import { defaultRegistry, expose, metricFamily } from 'narthex'
 *
 * const queues = new Map([['mail', 3], ['print', 0]])
 * defaultRegistry.register({
 *   descriptors: [{ name: 'queue_length', help: 'Waiting jobs.', type: 'gauge', unit: '', labelNames: ['queue'] }],
 *   collect: () => [
 *     metricFamily({
 *       name: 'queue_length',
 *       help: 'Waiting jobs.',
 *       type: 'gauge',
 *       samples: [...queues].map(([queue, value]) => ({ labels: { queue }, value })),
 *     }),
 *   ],
 * })
 * console.log(await expose())
 * // # HELP queue_length Waiting jobs.
 * // # TYPE queue_length gauge
 * // queue_length{queue="mail"} 3
 * // queue_length{queue="print"} 0
 * ```
 */
export function metricFamily(options: MetricFamilyOptions): MetricFamily {
  const { name, help, unit = '', type } = options
  checkTexts(options)
  const labelNames = [...new Set(options.samples.flatMap((sample) => Object.keys(sample.labels)))]
  const descriptor = { name, help, unit, labelNames }
  switch (type) {
    case 'histogram':
    case 'gaugehistogram': {
      const { upperBounds, samples } = options
      const bounds = [...upperBounds, Number.POSITIVE_INFINITY]
      const rows = samples.map(({ value }) => {
        checkSame(
          name,
          'upper bounds',
          bounds,
          listed(name, 'buckets', value?.buckets).map((bucket) => bucket.upperBound),
        )
        checkCount(name, value)
        checkNative(name, value)
        return [...value.buckets.map((bucket) => bucket.count), value.sum]
      })
      return {
        ...descriptor,
        type,
        upperBounds,
        columns: columnsOf(labelNames, samples, upperBounds.length + 2, rows, upperBounds),
      }
    }
    case 'summary': {
      const { quantiles, samples } = options
      const rows = samples.map(({ value }) => {
        checkSame(
          name,
          'quantiles',
          quantiles,
          listed(name, 'quantiles', value?.quantiles).map((each) => each.quantile),
        )
        return [value.count, value.sum, ...value.quantiles.map((each) => each.value)]
      })
      return { ...descriptor, type, quantiles, columns: columnsOf(labelNames, samples, quantiles.length + 2, rows) }
    }
    case 'stateset': {
      const { states, samples } = options
      const rows = samples.map(({ value }) => states.map((state) => (value[state] === true ? 1 : 0)))
      return { ...descriptor, type, states, columns: columnsOf(labelNames, samples, states.length, rows) }
    }
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown': {
      const rows = options.samples.map(({ value }) => {
        checkNumber(name, value)
        return [value]
      })
      return { ...descriptor, type, columns: columnsOf(labelNames, options.samples, 1, rows, []) }
    }
  }
}

function checkTexts({ name, help, type, samples }: MetricFamilyOptions): void {
  if (!isUtf8Name(name)) throw invalid(`${shown(name)} cannot name a family: a name is a text that is not empty.`)
  if (type === 'stateset' && name.includes(':'))
    throw invalid(`The state set ${name} names a label, too: no ":" in it.`)
  if (typeof help !== 'string') throw invalid(`The help of ${name} is ${shown(help)}, not a text.`)
  for (const { labels, timestampMs, startTimestampMs, exemplars = [] } of samples) {
    checkStart(name, type, startTimestampMs)
    checkExemplars(name, type, exemplars)
    checkTimestamp(name, timestampMs)
    checkLabels(name, type, labels)
  }
}

/** What a composite value has a list of; TypeScript tells, JavaScript would say that `map` is not there. */
function listed<Part>(name: string, what: string, list: readonly Part[] | undefined): readonly Part[] {
  if (isArray(list)) return list!
  throw invalid(`A sample of ${name} has the ${what} ${shown(list)}: its value has an array of them.`)
}

function checkSame(name: string, what: string, of: readonly number[], given: readonly number[]): void {
  if (of.length === given.length && of.every((each, i) => Object.is(each + 0, given[i]! + 0))) return
  throw invalid(`A sample of ${name} has the ${what} ${given.join(', ')}; those of the family are ${of.join(', ')}.`)
}

function invalid(message: string): MetricError {
  return new MetricError('INVALID_FAMILY', message)
}
