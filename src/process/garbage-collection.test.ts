import { constants, PerformanceObserver, type NodeGCPerformanceDetail, type PerformanceEntry } from 'node:perf_hooks'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scrape } from '../../test/process/scrape.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { samplesOf } from '../model/metric-family.ts'
import { garbageCollection } from './garbage-collection.ts'
import type { ProcessCollector } from './process-collector.ts'

let collector: ProcessCollector
/** What Node reported, in the batches in which it did. */
let batches: PerformanceEntry[][]
let witness: PerformanceObserver

beforeEach(() => {
  collector = garbageCollection({ prefix: '' })!
  batches = []
  witness = new PerformanceObserver((list) => batches.push(list.getEntries()))
  witness.observe({ entryTypes: ['gc'] })
})

afterEach(() => {
  collector.stop()
  witness.disconnect()
})

test('every collection of every batch is counted, by kind', async () => {
  makeGarbage()
  await sleep(50)
  const shown = await scrape<HistogramValue>(collector)
  batches.push(witness.takeRecords())

  expect(Math.max(...batches.map((batch) => batch.length))).toBeGreaterThan(1)
  const reported = batches.flat()
  for (const [kind, name] of KINDS) {
    const entries = reported.filter((entry) => kindOf(entry) === kind)
    const { count, sum } = shown[`nodejs_gc_duration_seconds{kind="${name}"}`]!
    expect(count).toBe(entries.length)
    expect(sum).toBeCloseTo(entries.reduce((total, entry) => total + entry.duration, 0) / 1000, 9)
  }
})

test('collections that the observer was not told of yet are counted, too', async () => {
  makeGarbage()
  // Node hands the entries over in the next turn of the loop, and calls the observers after it.
  await nextTurn()
  const waiting = witness.takeRecords()
  const counted = totalOf(collector)
  expect(waiting.length).toBeGreaterThan(0)
  expect(counted).toBe(waiting.length)

  makeGarbage()
  await sleep(50)
  batches.push(witness.takeRecords())
  expect(totalOf(collector)).toBe(counted + batches.flat().length)
})

test('all kinds are there before the first collection', async () => {
  const shown = await scrape<HistogramValue>(garbageCollectionOfNow())
  expect(Object.keys(shown)).toEqual([...KINDS.values()].map((name) => `nodejs_gc_duration_seconds{kind="${name}"}`))
})

test('nothing is counted once it is stopped', async () => {
  collector.stop()
  const before = totalOf(collector)
  makeGarbage()
  await sleep(50)
  expect(batches.flat().length).toBeGreaterThan(0)
  expect(totalOf(collector)).toBe(before)
})

const KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
])

function garbageCollectionOfNow(): ProcessCollector {
  collector.stop()
  collector = garbageCollection({ prefix: '' })!
  return collector
}

function kindOf(entry: PerformanceEntry): number {
  return (entry as unknown as { readonly detail: NodeGCPerformanceDetail }).detail.kind
}

function totalOf(collector: ProcessCollector): number {
  const [family] = collector.collect()
  return [...samplesOf(family!)].reduce((total, { value }) => total + (value as HistogramValue).count, 0)
}

/** Enough to fill V8's space of young objects several times, without giving the event loop a turn. */
function makeGarbage(): void {
  const kept: object[] = []
  for (let i = 0; i < 2_000_000; i++) kept[i % 10_000] = { i, text: `object ${i}` }
}
