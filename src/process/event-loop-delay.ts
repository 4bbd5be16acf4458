import { performance } from 'node:perf_hooks'
// Not the globals: a test of the service that fakes them would otherwise find, and run, a timer that is not its own.
import { clearInterval, setInterval } from 'node:timers'
import { Histogram } from '../metrics/histogram.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'

/** How often a sample is due. Each wakes the process, so this is what the metric costs. */
const INTERVAL_MS = 20

/**
 * How long what is due has to wait for the event loop: a histogram of samples due every {@link INTERVAL_MS}.
 *
 * It only grows, so any number of scrapers may read it and each computes the quantiles of its own interval.
 * That, and three more things, is why it is not built on Node's `monitorEventLoopDelay`:
 * - its buckets cannot be read, only its quantiles, and resetting it at a scrape would hide the delay of that very
 *   scrape;
 * - it records intervals, not delays, and the interval cannot be taken off a sum of samples without going below zero;
 * - a loop that was blocked for a second leaves one sample in it, so a long block all but vanishes among the short ones
 *   (nodejs/node#34661). Here the samples that fell due meanwhile are counted as well, each with its own wait.
 */
export function eventLoopDelay({ prefix }: ProcessCollectorOptions): ProcessCollector {
  const delay = new Histogram({
    name: `${prefix}nodejs_eventloop_delay_seconds`,
    help: `How long work that is due waits for the event loop, in seconds: a sample every ${INTERVAL_MS} ms.`,
    unit: 'seconds',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  })
  let dueMs = performance.now() + INTERVAL_MS
  const timer = setInterval(() => {
    const nowMs = performance.now()
    for (const waitedMs of waits(nowMs - dueMs, INTERVAL_MS)) delay.observe(waitedMs / 1000)
    dueMs = nowMs + INTERVAL_MS
  }, INTERVAL_MS)
  timer.unref()
  return {
    descriptors: delay.descriptors,
    collect: () => delay.collect(),
    stop: () => clearInterval(timer),
  }
}

/**
 * How long each sample waited when the timer is late: the one it was set for, and those that fell due in the meantime.
 * Timers of Node have a millisecond's play and may come early: that is no wait.
 */
export function* waits(lateMs: number, intervalMs: number): Generator<number, void, undefined> {
  yield Math.max(0, lateMs)
  for (let waitedMs = lateMs - intervalMs; waitedMs > 0; waitedMs -= intervalMs) yield waitedMs
}
