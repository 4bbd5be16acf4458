import { isArray, MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { isReservedLabelName } from '../model/names.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import type { Registry } from '../registry/registry.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare, Metric } from './metric.ts'
import { Series } from './series.ts'

/** What a state set is declared with. */
export interface StateSetOptions<
  State extends string = string,
  Names extends LabelNames = LabelNames,
> extends MetricOptions<Names> {
  /** All states there are, each once. The first is the case until another is set. */
  readonly states: readonly [State, ...State[]]
}

/**
 * Which one of some states is the case: a sample per state, 1 for that one and 0 for the others.
 * Built so, it is in no registry yet; {@link stateSet} builds and registers.
 */
export class StateSet<const State extends string = string, const Names extends LabelNames = LabelNames> extends Metric<
  Names,
  StateSetSeries<State>
> {
  readonly #states: readonly State[]

  /** @throws {MetricError} `INVALID_STATES`, or as every declaration, see {@link MetricErrorCode} */
  constructor(options: StateSetOptions<State, Names>) {
    const descriptor = describe(options, 'stateset')
    checkStateLabel(descriptor.name)
    const states = checkedStates(options.states, descriptor)
    // One number per series, the index of the state: so a new row is in the first state.
    super(descriptor, 1, (values, at) => new StateSetSeries(values, at, states, descriptor), options, { states })
    this.#states = states
  }

  /**
   * Makes `state` the case, and the others not; on a metric with labels, in the series of `labels`, which come first.
   *
   * @throws {MetricError} `INVALID_VALUE`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`; nothing is set.
   */
  set(...args: RecordingArguments<Names, readonly [state: State]>): void
  set(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.set(args[0] as State)
      return
    }
    const index = indexOf(args[1], this.#states, this.descriptor)
    const row = this.rowByName(args[0])
    this.table.valuesOf(row)[this.table.startOf(row)] = index
  }

  override collect(): readonly MetricFamily[] {
    const states = this.#states
    const columns = this.snapshot()
    const chunks = columns.chunks.map((chunk) => ({ ...chunk, values: spread(chunk, states.length) }))
    return [{ ...this.descriptor, type: 'stateset', states, columns: { ...columns, width: states.length, chunks } }]
  }
}

/** One label set of a {@link StateSet}. */
export class StateSetSeries<State extends string = string> extends Series {
  readonly #states: readonly State[]
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, states: readonly State[], descriptor: Descriptor) {
    super(values, at)
    this.#states = states
    this.#descriptor = descriptor
  }

  /** Makes `state` the case, and the others not. @throws {MetricError} `INVALID_VALUE` if there is no such state */
  set(state: State): void {
    this.values[this.at] = indexOf(state, this.#states, this.#descriptor)
  }
}

/**
 * Declares a state set and registers it. Asked again with the same declaration, it returns the one that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link StateSet}
 *
 * @example
 * ```ts
 * import { expose, stateSet } from 'narthex'
 *
 * const phase = stateSet({ name: 'app_phase', help: 'What the service is doing.', states: ['starting', 'running', 'stopping'] })
 * phase.set('running')
 * console.log(await expose())
 * // # HELP app_phase What the service is doing.
 * // # TYPE app_phase gauge
 * // app_phase{app_phase="starting"} 0
 * // app_phase{app_phase="running"} 1
 * // app_phase{app_phase="stopping"} 0
 * ```
 */
export function stateSet<const State extends string, const Names extends LabelNames = []>(
  options: StateSetOptions<State, Names> & { readonly registry?: Registry },
): StateSet<State, Names> {
  return declare(new StateSet<State, Names>(options), options.registry)
}

/** The name of the metric is that of its label, too. */
function checkStateLabel(name: string): void {
  if (!name.includes(':') && !isReservedLabelName(name)) return
  throw new MetricError(
    'INVALID_METRIC_NAME',
    `The state set ${name} names a label, too: no ":" in it, and no "__" before it.`,
  )
}

function checkedStates<State extends string>(states: readonly State[], { name }: Descriptor): readonly State[] {
  const valid =
    isArray(states) && states.length > 0 && states.every((state) => typeof state === 'string' && state !== '')
  if (!valid || new Set(states.map((state) => state.toWellFormed())).size !== states.length) {
    throw new MetricError(
      'INVALID_STATES',
      `states of the state set ${name} must be texts that are not empty, at least one, each once.`,
    )
  }
  return Object.freeze([...states])
}

function indexOf(state: unknown, states: readonly string[], { name }: Descriptor): number {
  const index = states.indexOf(state as string)
  if (index === -1)
    throw new MetricError('INVALID_VALUE', `${name} has no state ${shown(state)}: its states are ${states.join(', ')}.`)
  return index
}

/** From the index of a state per row to a 1 or 0 per state and row. */
function spread(chunk: SeriesChunk, states: number): Float64Array {
  const values = new Float64Array(chunk.values.length * states)
  for (let row = 0; row < chunk.values.length; row++) values[row * states + chunk.values[row]!] = 1
  return values
}
