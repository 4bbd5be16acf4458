import { metricFamily, type Collector, type Descriptor, type MetricFamily, type Registry } from 'narthex'

/** The descriptor of a gauge. */
export function descriptor(name: string): Descriptor {
  return { name, help: `${name}.`, type: 'gauge', unit: '', labelNames: [] }
}

/** A collector that yields gauges, and says so. */
export function yielding(...descriptors: Descriptor[]): Collector {
  return { descriptors, collect: () => families(...descriptors) }
}

/** Gauges, all of them 1. */
export function families(...descriptors: Descriptor[]): MetricFamily[] {
  return descriptors.map(({ name, help }) =>
    metricFamily({ name, help, type: 'gauge', samples: [{ labels: {}, value: 1 }] }),
  )
}

/** The names of what a registry gathers. */
export async function namesIn(registry: Registry, names?: readonly string[]): Promise<string[]> {
  const gathered = await registry.gather(names === undefined ? {} : { names })
  return gathered.map((family) => family.name)
}
