import { isArray, MetricError, shown } from './errors.ts'
import { bytesOf, textOf, writeExposition } from './exposition/exposition.ts'
import type { FormatName } from './exposition/format.ts'
import type { Escaping } from './exposition/name-escaping.ts'
import { checkOptionNames } from './option-names.ts'
import { defaultRegistry } from './registry/default-registry.ts'
import type { Registry } from './registry/registry.ts'

/** What {@link expose} takes. */
export interface ExposeOptions<Format extends FormatName = FormatName> {
  // All names besides: an editor would offer the default alone.
  /**
   * `'text'`, the Prometheus text format, by default; `'openmetrics'`; `'protobuf'`, which is bytes; or
   * `'openmetrics-2'`, an experiment.
   */
  readonly format?: Format | (FormatName & {})
  /** How names are written that not every server accepts: with underscores by default. */
  readonly escaping?: Escaping
  /** Only the families that have one of these names, as their own or as that of a sample. */
  readonly names?: readonly string[]
  /** Whether OpenMetrics 1.0 says in `_created` lines when each series began: `false` by default. */
  readonly startTimestamps?: boolean
}

/** What {@link expose} gives: a text, or bytes where the format is none. */
export type Exposed<Format extends FormatName> = Format extends 'protobuf' ? Uint8Array : string

/**
 * The exposition of a registry: what a scrape would get.
 * To serve it, mount an adapter (`narthex/express`, `narthex/node` …), which need not make a string of it.
 *
 * @throws {MetricError} `INVALID_OPTION` if an option is wrong or unknown, or options are given in the place of a
 * registry
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
export async function expose<Format extends FormatName = 'text'>(
  registry: Registry = defaultRegistry,
  options: ExposeOptions<Format> = {},
): Promise<Exposed<Format>> {
  // TypeScript tells; JavaScript would say that `gather` is not a function.
  if (typeof registry?.gather !== 'function')
    throw new MetricError(
      'INVALID_OPTION',
      'expose takes a registry first, then its options: expose(undefined, { format }).',
    )
  checkOptionNames('expose', options, OPTIONS)
  const { names, ...written } = options
  if (names !== undefined && !isArray(names)) {
    throw new MetricError('INVALID_OPTION', `names must be an array of names, not ${shown(names)}.`)
  }
  const exposition = await writeExposition(await registry.gather(names === undefined ? {} : { names }), written)
  return (options.format === 'protobuf' ? bytesOf(exposition) : textOf(exposition)) as Exposed<Format>
}

const OPTIONS: Readonly<Record<keyof ExposeOptions, true>> = {
  format: true,
  escaping: true,
  names: true,
  startTimestamps: true,
}
