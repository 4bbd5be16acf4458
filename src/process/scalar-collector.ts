import type { Descriptor } from '../model/descriptor.ts'
import { metricFamily } from '../model/build-family.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Sample } from '../model/sample.ts'
import type { ProcessCollector } from './process-collector.ts'

/** A metric with one number per series, but for its name. */
export interface ScalarDescription {
  readonly type: 'counter' | 'gauge' | 'info'
  readonly help: string
  readonly unit?: string
  readonly labelNames?: readonly string[]
}

/** A number, or one per label set. What is `undefined` or NaN is left out of the exposition (conformance CL17). */
export type Reading = number | undefined | readonly Sample<number>[]

export interface ScalarCollectorOptions<Name extends string> {
  readonly prefix: string
  /** By name, without the prefix. */
  readonly metrics: Readonly<Record<Name, ScalarDescription>>
  /** Fetches what `read` cannot get at once. */
  readonly refresh?: (signal: AbortSignal) => Promise<void>
  /** The metrics as they are now. */
  readonly read: () => Readonly<Record<Name, Reading>>
}

/** A collector that keeps nothing running: it reads its metrics when it is asked. */
export function scalarCollector<Name extends string>(options: ScalarCollectorOptions<Name>): ProcessCollector {
  const { prefix, metrics, refresh, read } = options
  const names = Object.keys(metrics) as Name[]
  const descriptors = new Map(names.map((name) => [name, describe(prefix + name, metrics[name])]))
  return {
    descriptors: [...descriptors.values()],
    ...(refresh && { refresh }),
    collect() {
      const readings = read()
      return names.flatMap((name) => familyOf(descriptors.get(name)!, metrics[name].type, readings[name]))
    },
    stop() {},
  }
}

function describe(name: string, { type, help, unit = '', labelNames = [] }: ScalarDescription): Descriptor {
  return Object.freeze({ name, type, help, unit, labelNames })
}

/** The family, or nothing if it would be empty. */
function familyOf({ name, help, unit }: Descriptor, type: ScalarDescription['type'], reading: Reading): MetricFamily[] {
  const samples = typeof reading === 'number' ? [{ labels: {}, value: reading }] : (reading ?? [])
  const known = samples.filter(({ value }) => !Number.isNaN(value))
  return known.length === 0 ? [] : [metricFamily({ name, help, unit, type, samples: known })]
}
