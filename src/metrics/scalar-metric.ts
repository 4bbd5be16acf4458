import type { Descriptor } from '../model/descriptor.ts'
import type { DeclaredCollector } from '../registry/collector.ts'
import { isThenable } from '../thenable.ts'
import type { MetricOptions } from './descriptor.ts'
import type { LabelNames, LabelsByName } from './labels.ts'
import { Metric, type MakeSeries } from './metric.ts'
import type { Series } from './series.ts'

/** A label set and its number. */
export type CollectedSeries<Names extends LabelNames> = readonly [labels: LabelsByName<Names>, value: number]

/**
 * Asked at each scrape for numbers that are kept elsewhere. Answers the number; on a metric with labels, all its
 * series.
 */
export type CollectCallback<Names extends LabelNames> = () => Answer<Names> | PromiseLike<Answer<Names>>

type Answer<Names extends LabelNames> = Names extends readonly []
  ? number
  : number extends Names['length']
    ? number | Iterable<CollectedSeries<Names>>
    : Iterable<CollectedSeries<Names>>

/** What counters and gauges share: one number per series, recorded or asked for at each scrape. */
export abstract class ScalarMetric<Names extends LabelNames, S extends Series> extends Metric<Names, S> {
  /** Asks the `collect` callback; absent without one. */
  declare refresh?: () => void | PromiseLike<void>
  /**
   * Not private: the metric of another copy of narthex may take it over. Not typed by `Names`: a metric whose names are
   * known has to fit where any may come.
   */
  collectCallback: (() => unknown) | undefined

  protected constructor(
    descriptor: Descriptor,
    make: MakeSeries<S>,
    options: MetricOptions & { readonly collect?: CollectCallback<Names> },
  ) {
    super(descriptor, 1, make, options)
    this.#ask(options.collect)
  }

  override adopt(newer: DeclaredCollector): void {
    // An equal declaration makes an equal class.
    this.#ask((newer as ScalarMetric<Names, S>).collectCallback)
  }

  /** What a series may be worth. @throws {MetricError} if `value` is not that */
  protected abstract checked(value: unknown): number

  protected add(row: number, amount: number): void {
    const { chunks, chunkShift, chunkMask } = this.table
    chunks[row >>> chunkShift]!.values[row & chunkMask]! += amount
  }

  #ask(callback: (() => unknown) | undefined): void {
    this.collectCallback = callback
    // Totals that are kept elsewhere began elsewhere.
    this.table.timesStart &&= callback === undefined
    if (callback === undefined) {
      // Not at every metric: objects that lost a property are slow, and each of them is of a kind of its own to a
      // compiler (question many-metrics-inc of the benchmarks).
      if (this.refresh !== undefined) delete this.refresh
      return
    }
    this.refresh = (): void | PromiseLike<void> => {
      const answer = callback()
      return isThenable(answer) ? answer.then((later) => this.#take(later)) : this.#take(answer)
    }
  }

  /** Checks the whole answer before any of it is shown. */
  #take(answer: unknown): void {
    const given =
      this.only === undefined
        ? [...(answer as Iterable<readonly [labels: unknown, value: unknown]>)]
        : [[{}, answer] as const]
    const series = given.map(([labels, value]) => ({
      values: this.checkedByName(labels),
      value: this.checked(value),
    }))
    this.clear()
    // Added: more than one may come to the overflow series.
    for (const { values, value } of series) this.add(this.rowOfValues(values), value)
  }
}
