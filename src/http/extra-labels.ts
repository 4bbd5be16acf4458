import { isArray, MetricError, shown } from '../errors.ts'
import { isLabelValue, type LabelValue } from '../model/label-set.ts'
import type { MetricsOptions } from './metrics-options.ts'

/** The values of the labels that a program adds, in the order of its option. */
export type ExtraLabels = (request: unknown) => LabelValue[]

/** What the option `labels` says; `undefined` if it says nothing. @throws {MetricError} `INVALID_OPTION` */
export function extraLabels(labels: MetricsOptions['labels'] = {}): ExtraLabels | undefined {
  if (typeof labels !== 'object' || isArray(labels)) {
    throw new MetricError(
      'INVALID_OPTION',
      `labels must be an object, with a function of the request for each name, not ${shown(labels)}.`,
    )
  }
  const functions = Object.entries(labels).map(([name, value]) => {
    if (typeof value === 'function') return value as (request: unknown) => unknown
    throw new MetricError('INVALID_OPTION', `The label ${name} must be a function of the request, not ${shown(value)}.`)
  })
  return functions.length === 0 ? undefined : (request) => functions.map((value) => valueOf(value, request))
}

/** What a program's own function does wrong must not become the service's trouble. */
function valueOf(value: (request: unknown) => unknown, request: unknown): LabelValue {
  try {
    const given = value(request)
    return isLabelValue(given) ? given : ''
  } catch {
    return ''
  }
}
