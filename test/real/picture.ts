import type { PythonFamily, PythonSample } from './python.ts'

/**
 * What two services that got the same requests must have in common: families by name with type and help, and their
 * series with label names, label values and counts. What depends on time or on the process is there without its value.
 */
export type Picture = Readonly<Record<string, { type: string; help: string; series: Record<string, number | 'any'> }>>

/** Series that a difference has given the same labels are added up. */
export function pictureOf(families: readonly PythonFamily[]): Picture {
  return Object.fromEntries(
    families.map((family) => [family.name, { ...metadataOf(family), series: seriesOf(family) }]),
  )
}

function metadataOf({ type, help }: PythonFamily): { type: string; help: string } {
  return { type, help }
}

function seriesOf(family: PythonFamily): Record<string, number | 'any'> {
  const series: Record<string, number | 'any'> = {}
  for (const sample of family.samples) {
    const labels = sample.labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).toSorted()
    const key = `${sample.name}{${labels.join(',')}}`
    const before = series[key] ?? 0
    series[key] = before === 'any' || dependsOnTime(family, sample) ? 'any' : before + sample.value
  }
  return series
}

function dependsOnTime(family: PythonFamily, sample: PythonSample): boolean {
  const bound = sample.labels.find(([name]) => name === 'le')?.[1]
  return family.name.startsWith('process_') || sample.name.endsWith('_sum') || (bound !== undefined && bound !== '+Inf')
}
