import { textOf, writeExposition } from './exposition/exposition.ts'
import type { FormatName } from './exposition/format.ts'
import { defaultRegistry } from './registry/default-registry.ts'
import type { Registry } from './registry/registry.ts'

/** What {@link expose} takes. */
export interface ExposeOptions {
  /** `'text'`, the Prometheus text format, by default; or `'openmetrics'`. */
  readonly format?: FormatName
  /** Only the families that have one of these names, as their own or as that of a sample. */
  readonly names?: readonly string[]
  /** Whether OpenMetrics 1.0 says in `_created` lines when each series began: `false` by default. */
  readonly startTimestamps?: boolean
}

/**
 * The exposition of a registry: what a scrape would get.
 * To serve it, mount an adapter (`narthex/express`, `narthex/node` …), which need not make a string of it.
 *
 * @throws {MetricError} `INVALID_OPTION` if there is no such format
 *
 * @example
 * ```ts
 * import { expose, gauge } from 'narthex'
 *
 * gauge({ name: 'room_temperature_celsius', help: 'In the server room.' }).set(21.5)
 * console.log(await expose())
 * // # HELP room_temperature_celsius In the server room.
 * // # TYPE room_temperature_celsius gauge
 * // room_temperature_celsius 21.5
 * ```
 */
export async function expose(registry: Registry = defaultRegistry, options: ExposeOptions = {}): Promise<string> {
  const { format = 'text', names, startTimestamps } = options
  const families = await registry.gather(names === undefined ? {} : { names })
  return textOf(await writeExposition(families, { format, startTimestamps }))
}
