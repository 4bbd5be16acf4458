import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { warnings } from './lint-warning.ts'
import { lint } from './lint.ts'
import { isProduction } from './production.ts'

const watched = new WeakSet<Registry>()

/**
 * Warns of what the linter has against the declarations of a registry: of each problem once, as soon as a metric is
 * registered, and never where `NODE_ENV` is `production`. The adapters do so by themselves.
 */
export function lintRegistrations(registry: Registry, warn: (message: string) => void): void {
  if (isProduction() || watched.has(registry)) return
  watched.add(registry)
  registry.watch((collector) => {
    try {
      const families = (collector.descriptors ?? []).map(withoutSeries)
      for (const warning of warnings(registry, lint(families))) warn(warning)
    } catch {
      // Advice must not cost the registration: neither for descriptors that nobody could read, nor for who cannot be
      // told.
    }
  })
}

/** The family of a metric that has recorded nothing: all but one of the rules look at names and texts alone. */
function withoutSeries(descriptor: Descriptor): MetricFamily {
  const columns = { width: 1, rowCount: 0, chunkRows: 1, chunks: [], labelValues: [''] }
  const none = { upperBounds: [], quantiles: [], states: [] }
  return { ...none, ...descriptor, columns }
}
