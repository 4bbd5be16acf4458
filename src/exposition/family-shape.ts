import type { MetricFamily } from '../model/metric-family.ts'

/** All of a family besides its series. Lists are compared by reference: those of a metric are always the same. */
export type Shape = readonly unknown[]

export function shapeOf(family: MetricFamily): Shape {
  const { type, help, unit, labelNames } = family
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return [type, help, unit, labelNames]
    case 'histogram':
    case 'gaugehistogram':
      return [type, help, unit, labelNames, family.upperBounds]
    case 'summary':
      return [type, help, unit, labelNames, family.quantiles]
    case 'stateset':
      return [type, help, unit, labelNames, family.states]
  }
}

export function isSame(one: Shape, other: Shape): boolean {
  let i = 0
  while (i < one.length && one[i] === other[i]) i++
  return i === one.length && i === other.length
}
