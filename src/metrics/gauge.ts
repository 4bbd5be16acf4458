import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import { finishedBy } from './finished-by.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare } from './metric.ts'
import { ScalarMetric, type CollectCallback } from './scalar-metric.ts'
import { Series } from './series.ts'
import { timed } from './timer.ts'

/** What a gauge is declared with. */
export interface GaugeOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names> {
  /** Asked at each scrape, for numbers that are kept elsewhere. */
  readonly collect?: CollectCallback<Names>
}

/**
 * A number that rises and falls: a temperature, the length of a queue, requests in progress.
 * Built so, it is in no registry yet; {@link gauge} builds and registers.
 *
 * @example
 * ```ts
 * import { expose, Gauge, Registry } from 'narthex'
 *
 * const registry = new Registry()
 * const queue = registry.register(new Gauge({ name: 'queue_length', help: 'Waiting jobs.' }))
 * queue.set(3)
 * queue.dec()
 * console.log(await expose(registry))
 * // # HELP queue_length Waiting jobs.
 * // # TYPE queue_length gauge
 * // queue_length 2
 * ```
 */
export class Gauge<const Names extends LabelNames = LabelNames> extends ScalarMetric<Names, GaugeSeries> {
  /** @throws {MetricError} if the declaration breaks a rule, see {@link MetricErrorCode} */
  constructor(options: GaugeOptions<Names>) {
    const descriptor = describe(options, 'gauge')
    super(descriptor, (values, at) => new GaugeSeries(values, at, descriptor), options)
  }

  /**
   * Sets the value; on a metric with labels, that of the series of `labels`, which come first.
   *
   * @throws {MetricError} `INVALID_VALUE`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`; nothing is set.
   */
  set(...args: RecordingArguments<Names, readonly [value: number]>): void
  set(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.set(args[0] as number)
      return
    }
    const value = this.checked(args[1])
    const row = this.rowByName(args[0])
    this.table.valuesOf(row)[this.table.startOf(row)] = value
  }

  /**
   * Adds `amount`, 1 by default; on a metric with labels, to the series of `labels`, which come first.
   *
   * @throws {MetricError} `INVALID_VALUE`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`; nothing is added.
   */
  inc(...args: RecordingArguments<Names, readonly [amount?: number]>): void
  inc(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.inc(args[0] as number | undefined)
      return
    }
    const amount = args[1] === undefined ? 1 : this.checked(args[1])
    this.add(this.rowByName(args[0]), amount)
  }

  /** Takes `amount`, 1 by default, away; otherwise as {@link inc}. */
  dec(...args: RecordingArguments<Names, readonly [amount?: number]>): void
  dec(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.dec(args[0] as number | undefined)
      return
    }
    const amount = args[1] === undefined ? 1 : this.checked(args[1])
    this.add(this.rowByName(args[0]), -amount)
  }

  /** {@link GaugeSeries.setToCurrentTime} of the one series of a gauge without labels. */
  setToCurrentTime(): void {
    this.unlabelled().setToCurrentTime()
  }

  /** {@link GaugeSeries.trackInProgress} of the one series of a gauge without labels. */
  trackInProgress<T>(fn: () => T): T {
    return this.unlabelled().trackInProgress(fn)
  }

  /** {@link GaugeSeries.time} of the one series of a gauge without labels. */
  time<T>(fn: () => T): T {
    return this.unlabelled().time(fn)
  }

  override collect(): readonly MetricFamily[] {
    return [{ ...this.descriptor, type: 'gauge', columns: this.snapshot() }]
  }

  protected override checked(value: unknown): number {
    if (typeof value !== 'number') throw wrongValue(this.descriptor, value)
    return value
  }
}

/** One label set of a {@link Gauge}. Keep it where the same labels are used again and again. */
export class GaugeSeries extends Series {
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, descriptor: Descriptor) {
    super(values, at)
    this.#descriptor = descriptor
  }

  /** Sets the value. @throws {MetricError} `INVALID_VALUE` if it is no number; NaN and infinities are. */
  set(value: number): void {
    if (typeof value !== 'number') throw wrongValue(this.#descriptor, value)
    this.values[this.at] = value
  }

  /** Adds `amount`, 1 by default. @throws {MetricError} `INVALID_VALUE` if it is no number */
  inc(amount: number = 1): void {
    if (typeof amount !== 'number') throw wrongValue(this.#descriptor, amount)
    this.values[this.at]! += amount
  }

  /** Takes `amount`, 1 by default, away. @throws {MetricError} `INVALID_VALUE` if it is no number */
  dec(amount: number = 1): void {
    if (typeof amount !== 'number') throw wrongValue(this.#descriptor, amount)
    this.values[this.at]! -= amount
  }

  /** Sets the value to the present Unix time, in seconds. */
  setToCurrentTime(): void {
    this.set(Date.now() / 1000)
  }

  /**
   * Calls `fn`; the value is one more until it returns or throws, or until its promise settles.
   *
   * @returns what `fn` returned
   */
  trackInProgress<T>(fn: () => T): T {
    this.inc()
    return finishedBy(fn, () => this.dec())
  }

  /** Calls `fn` and sets the value to the seconds it took, to the end of its promise if it returns one. */
  time<T>(fn: () => T): T {
    return timed({ observe: (seconds) => this.set(seconds) }, fn)
  }
}

/**
 * Declares a gauge and registers it. Asked again with the same declaration, it returns the gauge that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link Gauge}
 *
 * @example
 * ```ts
 * import { expose, gauge } from 'narthex'
 *
 * const waiting = ['a', 'b']
 * gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => waiting.length })
 * console.log(await expose())
 * // # HELP queue_length Waiting jobs.
 * // # TYPE queue_length gauge
 * // queue_length 2
 * ```
 */
export function gauge<const Names extends LabelNames = []>(
  options: GaugeOptions<Names> & { readonly registry?: Registry },
): Gauge<Names> {
  return declare(new Gauge<Names>(options), options.registry)
}

function wrongValue(descriptor: Descriptor, value: unknown): MetricError {
  return new MetricError(
    'INVALID_VALUE',
    `${descriptor.name} was given ${shown(value)}: the value of a gauge is a number.`,
  )
}
