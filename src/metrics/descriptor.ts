import { isArray, MetricError, shown } from '../errors.ts'
import { baseName, familySuffix, OWN_LABELS, type Descriptor, type MetricType } from '../model/descriptor.ts'
import { isMetricName, isReservedLabelName, isUtf8Name, underscored, underscoredLabel } from '../model/names.ts'
import type { LabelNames } from './labels.ts'

/** What every declaration has. */
export interface MetricOptions<Names extends LabelNames = LabelNames> {
  /** Letters, digits, `_` and `:`, not beginning with a digit; any text with {@link utf8}. */
  readonly name: string
  /** What is measured, for the people who will read it. */
  readonly help: string
  /** None by default. Their order is that of `labels(…)` by position. */
  readonly labelNames?: Names
  /** A base unit, in plural: `seconds`, `bytes`. The name must end with it. */
  readonly unit?: string
  /**
   * Lets the name and the label names be any text, such as `http.requests`. Scrapers that do not ask for such names get
   * them escaped: `http_requests`.
   */
  readonly utf8?: boolean
  /**
   * How many series the metric may have; without a bound by default.
   * Further label sets are counted in one series whose label values are all `_overflow`.
   */
  readonly maxSeries?: number
}

/**
 * The descriptor of a declaration, checked once and for all.
 *
 * @throws {MetricError} `INVALID_METRIC_NAME`, `MISSING_HELP`, `INVALID_LABEL_NAME`, `RESERVED_LABEL_NAME`,
 * `DUPLICATE_LABEL_NAME`, `INVALID_UNIT` or `INVALID_OPTION`
 */
export function describe(options: MetricOptions, type: MetricType): Descriptor {
  const { help, labelNames = [], unit = '', utf8, maxSeries } = options
  const name = familyName(options.name, type, utf8)
  if (typeof help !== 'string' || help === '') {
    throw new MetricError('MISSING_HELP', `The ${type} ${name} needs a help text.`)
  }
  if (!isArray(labelNames)) {
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `labelNames of the ${type} ${name} must be an array of names, not ${shown(labelNames)}.`,
    )
  }
  const written = Array.from(labelNames, (label) => checkedLabelName(label, name, type, utf8))
  if (new Set(written).size < written.length) {
    throw new MetricError('DUPLICATE_LABEL_NAME', `The ${type} ${name} has a label twice: ${written.join(', ')}.`)
  }
  checkUnit(unit, name, type)
  if (maxSeries !== undefined && !(Number.isInteger(maxSeries) && maxSeries > 0)) {
    throw new MetricError(
      'INVALID_OPTION',
      `maxSeries of the ${type} ${name} must be a positive integer, not ${shown(maxSeries)}.`,
    )
  }
  return Object.freeze({ name, help, type, unit, labelNames: Object.freeze([...labelNames]) })
}

function familyName(given: unknown, type: MetricType, utf8?: boolean): string {
  if (!(utf8 ? isUtf8Name : isMetricName)(given)) {
    throw new MetricError(
      'INVALID_METRIC_NAME',
      `${shown(given)} cannot name a metric: letters, digits, "_" and ":" only, and no digit first.`,
    )
  }
  const suffix = familySuffix(type)
  const name = given.endsWith(suffix) ? given : given + suffix
  if (name === suffix) {
    throw new MetricError(
      'INVALID_METRIC_NAME',
      `${shown(given)} cannot name a metric: nothing is left without the suffix ${suffix}.`,
    )
  }
  return name
}

/**
 * A label name as servers without UTF-8 names get it.
 *
 * @throws {MetricError} `INVALID_LABEL_NAME` or `RESERVED_LABEL_NAME` if `label` may not be a label of that metric
 */
export function checkedLabelName(label: unknown, name: string, type: MetricType, utf8?: boolean): string {
  const escaped = isUtf8Name(label) ? underscoredLabel(label) : ''
  if (escaped === '' || !(utf8 || escaped === label)) {
    throw new MetricError(
      'INVALID_LABEL_NAME',
      `${shown(label)} cannot be a label of the ${type} ${name}: letters, digits and "_" only, and no digit first.`,
    )
  }
  if (isReservedLabelName(label as string)) {
    throw new MetricError(
      'RESERVED_LABEL_NAME',
      `The label ${escaped} of the ${type} ${name} begins with "__": those are kept by Prometheus.`,
    )
  }
  if (label === OWN_LABELS[type] || (type === 'stateset' && escaped === underscored(name))) {
    throw new MetricError(
      'RESERVED_LABEL_NAME',
      `The ${type} ${name} writes the label ${escaped} itself: choose another name.`,
    )
  }
  return escaped
}

/** Prometheus refuses the whole scrape when a name does not end with its unit (conformance N7). */
function checkUnit(unit: unknown, name: string, type: MetricType): void {
  if (unit === '') return
  if (type === 'info' || type === 'stateset') {
    throw new MetricError('INVALID_UNIT', `The ${type} ${name} cannot have a unit.`)
  }
  const base = baseName({ name, type })
  if (!isMetricName(unit) || !base.endsWith(`_${unit}`)) {
    throw new MetricError(
      'INVALID_UNIT',
      `The name of the ${type} ${name} must end with its unit ${shown(unit)}: ${base}_${String(unit)}.`,
    )
  }
}
