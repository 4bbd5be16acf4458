import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Registry } from '../registry/registry.ts'
import { describe, type MetricOptions } from './descriptor.ts'
import type { LabelNames, RecordingArguments } from './labels.ts'
import { declare } from './metric.ts'
import { ScalarMetric, type CollectCallback } from './scalar-metric.ts'
import { SampledSeries, type ExemplarCounts, type RecordingOptions } from './sampled-series.ts'
import { finishedBy } from './finished-by.ts'

/** What a counter is declared with. */
export interface CounterOptions<Names extends LabelNames = LabelNames> extends MetricOptions<Names> {
  /** Asked at each scrape, for totals that are kept elsewhere and never fall. */
  readonly collect?: CollectCallback<Names>
}

/**
 * A number that only grows: requests served, bytes sent, errors. A name without `_total` gains it on the wire.
 * Built so, it is in no registry yet; {@link counter} builds and registers.
 *
 * @example
 * ```ts
 * import { Counter, expose, Registry } from 'narthex'
 *
 * const registry = new Registry()
 * const jobs = registry.register(new Counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'] }))
 * jobs.inc({ queue: 'mail' })
 * jobs.labels('mail').inc(2)
 * console.log(await expose(registry))
 * // # HELP jobs_total Jobs done.
 * // # TYPE jobs_total counter
 * // jobs_total{queue="mail"} 3
 * ```
 */
export class Counter<const Names extends LabelNames = LabelNames> extends ScalarMetric<Names, CounterSeries> {
  /** @throws {MetricError} if the declaration breaks a rule, see {@link MetricErrorCode} */
  constructor(options: CounterOptions<Names>) {
    const descriptor = describe(options, 'counter')
    super(descriptor, (values, at, exemplars) => new CounterSeries(values, at, descriptor, exemplars), options)
  }

  /**
   * Adds `amount`, 1 by default; on a metric with labels, to the series of `labels`, which come first.
   *
   * @throws {MetricError} `NEGATIVE_INCREMENT`, `INVALID_AMOUNT`, `INVALID_LABELS` or `INVALID_LABEL_VALUE`;
   * nothing is counted.
   */
  inc(...args: RecordingArguments<Names, readonly [amount?: number, options?: RecordingOptions]>): void
  inc(...args: readonly unknown[]): void {
    if (this.only !== undefined) {
      this.only.inc(args[0] as number | undefined, args[1] as RecordingOptions | undefined)
      return
    }
    const amount = args[1] === undefined ? 1 : this.checked(args[1])
    const row = this.rowByName(args[0])
    this.add(row, amount)
    this.sampleIn(row, amount, args[2] as RecordingOptions | undefined)
  }

  /** {@link CounterSeries.countExceptions} of the one series of a counter without labels. */
  countExceptions<T>(fn: () => T): T {
    return this.unlabelled().countExceptions(fn)
  }

  override collect(): readonly MetricFamily[] {
    return [{ ...this.descriptor, type: 'counter', columns: this.snapshot() }]
  }

  protected override checked(value: unknown): number {
    if (typeof value !== 'number' || !(value >= 0)) throw wrongAmount(this.descriptor, value)
    return value
  }
}

/**
 * One label set of a {@link Counter} (a "child" in other clients).
 * Keep it where the same labels are counted again and again.
 */
export class CounterSeries extends SampledSeries {
  readonly #descriptor: Descriptor

  constructor(values: Float64Array, at: number, descriptor: Descriptor, exemplars: ExemplarCounts) {
    super(values, at, exemplars)
    this.#descriptor = descriptor
  }

  /**
   * Adds `amount`, 1 by default.
   *
   * @throws {MetricError} `NEGATIVE_INCREMENT` if `amount` is negative or NaN, `INVALID_AMOUNT` if it is no number; the
   * value is unchanged.
   */
  inc(amount: number = 1, options?: RecordingOptions): void {
    // Not `amount < 0`: NaN has to be refused too, and this is one comparison for both.
    if (typeof amount !== 'number' || !(amount >= 0)) throw wrongAmount(this.#descriptor, amount)
    this.values[this.at]! += amount
    if (options !== undefined || (this.tick !== undefined && this.sampledAt !== this.tick)) {
      SampledSeries.sample(this, amount, options)
    }
  }

  /**
   * Calls `fn` and counts 1 if it throws or if its promise rejects; the error goes on to the caller.
   *
   * @returns what `fn` returned
   */
  countExceptions<T>(fn: () => T): T {
    return finishedBy(fn, (failed) => {
      if (failed) this.inc()
    })
  }
}

/**
 * Declares a counter and registers it. Asked again with the same declaration, it returns the counter that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link Counter}
 *
 * @example
 * ```ts
 * import { counter, expose } from 'narthex'
 *
 * const requests = counter({ name: 'requests', help: 'Application Request Count', labelNames: ['endpoint'] })
 * requests.inc({ endpoint: '/' })
 * requests.labels('/').inc()
 * console.log(await expose())
 * // # HELP requests_total Application Request Count
 * // # TYPE requests_total counter
 * // requests_total{endpoint="/"} 2
 * ```
 */
export function counter<const Names extends LabelNames = []>(
  options: CounterOptions<Names> & { readonly registry?: Registry },
): Counter<Names> {
  return declare(new Counter<Names>(options), options.registry)
}

function wrongAmount(descriptor: Descriptor, amount: unknown): MetricError {
  if (typeof amount !== 'number') {
    return new MetricError(
      'INVALID_AMOUNT',
      `${descriptor.name} cannot be incremented by ${shown(amount)}: an amount is a number.`,
    )
  }
  return new MetricError(
    'NEGATIVE_INCREMENT',
    `${descriptor.name} cannot be incremented by ${amount}: a counter never falls. Use a gauge for what does.`,
  )
}
