import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'

/** All of a family besides its series. */
export interface Shape {
  readonly descriptor: Descriptor
  /** Its upper bounds, quantiles or states. */
  readonly list: readonly unknown[] | undefined
}

export function shapeOf(family: MetricFamily): Shape {
  const { name, type, help, unit, labelNames } = family
  return { descriptor: { name, type, help, unit, labelNames }, list: listOf(family) }
}

/** Whether a family has that shape. Lists are compared by reference: those of a metric are always the same. */
export function hasShape(family: MetricFamily, { descriptor, list }: Shape): boolean {
  return (
    family.type === descriptor.type &&
    family.help === descriptor.help &&
    family.unit === descriptor.unit &&
    family.labelNames === descriptor.labelNames &&
    listOf(family) === list
  )
}

function listOf(family: MetricFamily): readonly unknown[] | undefined {
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return undefined
    case 'histogram':
    case 'gaugehistogram':
      return family.upperBounds
    case 'summary':
      return family.quantiles
    case 'stateset':
      return family.states
  }
}
