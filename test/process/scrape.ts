import { samplesOf } from '../../src/model/metric-family.ts'
import type { SampleValue } from '../../src/model/sample.ts'
import type { Collector } from '../../src/registry/collector.ts'
import { Registry } from '../../src/registry/registry.ts'

/**
 * What a scrape of one collector shows, by `name` or `name{label="value"}`. Fails where a scrape would leave it out.
 */
export async function scrape<Value extends SampleValue = number>(collector: Collector): Promise<Record<string, Value>> {
  const registry = new Registry({ onWarning: fail })
  registry.register(collector)
  return scrapeAll(registry)
}

/** What a scrape of a registry shows. */
export async function scrapeAll<Value extends SampleValue = number>(
  registry: Registry,
): Promise<Record<string, Value>> {
  const shown: Record<string, Value> = {}
  for (const family of await registry.gather()) {
    for (const { labels, value } of samplesOf(family)) {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
      shown[family.name + (pairs.length > 0 ? `{${pairs.join(',')}}` : '')] = value as Value
    }
  }
  return shown
}

function fail(message: string, cause?: unknown): never {
  throw new Error(message, { cause })
}
