import type { LabelNames } from './labels.ts'
import { Metric } from './metric.ts'
import { SampledSeries } from './sampled-series.ts'
import { timed, Timer } from './timer.ts'

/** What histograms and summaries share: they observe values, and so can time. */
export abstract class ObservingMetric<Names extends LabelNames, S extends ObservingSeries> extends Metric<Names, S> {
  /** {@link ObservingSeries.startTimer} of the one series of a metric without labels. */
  startTimer(): Timer {
    return this.unlabelled().startTimer()
  }

  /** {@link ObservingSeries.time} of the one series of a metric without labels. */
  time<T>(fn: () => T): T {
    return this.unlabelled().time(fn)
  }
}

/** One label set of a metric that observes values. */
export abstract class ObservingSeries extends SampledSeries {
  /** Counts an observation. @throws {MetricError} `INVALID_VALUE` if it is no number; NaN and infinities are. */
  abstract observe(value: number): void

  /** Starts a timer whose `end()`, or the end of its `using` block, observes the seconds. */
  startTimer(): Timer {
    return new Timer(this)
  }

  /**
   * Calls `fn` and observes the seconds it took, to the end of its promise if it returns one.
   *
   * @returns what `fn` returned
   */
  time<T>(fn: () => T): T {
    return timed(this, fn)
  }
}
