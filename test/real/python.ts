import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pathOf } from './real-parts.ts'

/** A metric family as Python's `prometheus_client` reads it; a counter is named without its `_total`. */
export interface PythonFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  /** Only of OpenMetrics; empty if there is none. */
  readonly unit?: string
  readonly samples: readonly PythonSample[]
}

export interface PythonSample {
  readonly name: string
  /** Pairs and not an object: a label may be called `__proto__`. */
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly value: number
  /** In seconds; only of OpenMetrics. */
  readonly timestamp?: number
  /** Only of OpenMetrics; its timestamp is in seconds. */
  readonly exemplar?: { labels: Readonly<Record<string, string>>; value: number; timestamp: number }
}

/**
 * What Python's `text_string_to_metric_families` makes of each exposition; one process reads them all.
 * @throws {Error} with Python's own words when it refuses one, for example because it is not valid UTF-8
 */
export function parseWithPython(
  expositions: readonly (string | Uint8Array)[],
  format: 'text' | 'openmetrics' = 'text',
): PythonFamily[][] {
  const script = fileURLToPath(new URL('parse_families.py', import.meta.url))
  const { status, stdout, stderr, error } = spawnSync(pathOf('python'), ['-B', script, format], {
    input: JSON.stringify(expositions.map((exposition) => Buffer.from(exposition).toString('base64'))),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  })
  if (error) throw error
  if (status !== 0) throw new Error(`Python refuses an exposition:\n${stderr}`)
  const read = JSON.parse(stdout) as WrittenFamily[][]
  return read.map((families) =>
    families.map((family) => ({
      ...family,
      samples: family.samples.map((sample) => ({ ...sample, value: numberOf(sample.value) })),
    })),
  )
}

type WrittenFamily = Omit<PythonFamily, 'samples'> & { samples: (Omit<PythonSample, 'value'> & { value: string })[] }

/** The number behind Python's `repr`: 17 significant digits and `-0.0` survive, NaN and the infinities are words. */
function numberOf(repr: string): number {
  const words: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity }
  return words[repr] ?? Number(repr)
}
