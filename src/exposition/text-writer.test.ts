import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { anyFamily, hostileText } from '../../test/conformance/any-family.ts'
import { anyStep, MeteredMap } from '../../test/conformance/metric-steps.ts'
import { Counter } from '../metrics/counter.ts'
import { gauge, Gauge } from '../metrics/gauge.ts'
import { histogram } from '../metrics/histogram.ts'
import { StateSet } from '../metrics/state-set.ts'
import { metricFamily } from '../model/build-family.ts'
import type { HistogramFamily, MetricFamily, StateSetFamily } from '../model/metric-family.ts'
import type { SeriesChunk } from '../model/series-columns.ts'
import { Registry } from '../registry/registry.ts'
import { textOf, writeExposition } from './exposition.ts'
import { writePrometheusText } from './prometheus-text.ts'
import { WrittenBlocks } from './written-blocks.ts'

afterEach(() => void vi.restoreAllMocks())

describe('an exposition that takes what has not changed from the one before is byte for byte a fresh one', () => {
  test('after any mix of recording, keeping, removing, clearing and new series', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const metrics = new MeteredMap()
        const before = new WrittenBlocks()
        for (const step of [...steps, { do: 'scrape' } as const]) {
          metrics.take(step)
          if (step.do === 'scrape') await expectFresh(await metrics.registry.gather(), before)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('after any number of any series has changed, by any amount', async () => {
    const anyRound = fc.array(fc.tuple(fc.nat(1999), fc.double()), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(fc.array(anyRound, { minLength: 1, maxLength: 8, size: 'max' }), async (rounds) => {
        const gauge = new Gauge({ name: 'x', help: 'X.', labelNames: ['i'] })
        for (let i = 0; i < 2000; i++) gauge.set({ i }, i)
        const before = new WrittenBlocks()
        for (const round of rounds) {
          for (const [i, value] of round) gauge.set({ i }, value)
          await expectFresh(gauge.collect(), before)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('for families of every kind, in any order, that come, go and change', async () => {
    const anyFamilies = fc.array(anyFamily(hostileText), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(anyFamilies, { minLength: 2, maxLength: 4 }), async (scrapes) => {
        const before = new WrittenBlocks()
        for (const families of scrapes) await expectFresh(families.map(metricFamily), before)
      }),
    )
  })

  test('after a metric was unregistered, and after it was registered again', async () => {
    const registry = new Registry()
    const before = new WrittenBlocks()
    const x = gauge({ name: 'x', help: 'X.', labelNames: ['i'], registry })
    const y = histogram({ name: 'y', help: 'Y.', labelNames: ['i'], registry })
    const small = gauge({ name: 'small', help: 'Small.', registry })
    const numbers = [0, -0, Number.NaN, 1, Number.POSITIVE_INFINITY, -1.5, 2 ** 53]
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 700; i++) x.set({ i }, numbers[(i + Math.floor(round / 2)) % numbers.length]!)
      for (let i = 0; i < 100; i++) y.observe({ i }, numbers[(i + round) % numbers.length]!)
      small.set(numbers[round % numbers.length]!)
      await expectFresh(await registry.gather(), before)
      if (round % 3 === 1) registry.unregister(round % 2 === 0 ? x : y)
      if (round % 3 === 2) {
        registry.register(x)
        registry.register(y)
      }
    }
  })

  test('for a metric that took the name of another', async () => {
    const before = new WrittenBlocks()
    const labelled = (labelName: string, help: string): Counter => {
      const counter = new Counter({ name: 'x', help, labelNames: [labelName] as readonly string[] })
      for (let i = 0; i < 500; i++) counter.inc({ [labelName]: i })
      return counter
    }
    const stateSet = new StateSet({ name: 'x', help: 'X.', labelNames: ['i'], states: ['on', 'off'] })
    for (let i = 0; i < 500; i++) stateSet.labels(i).set('off')
    for (const metric of [
      labelled('i', 'X.'),
      labelled('j', 'X.'),
      labelled('j', 'Other.'),
      stateSet,
      labelled('i', 'X.'),
    ]) {
      await expectFresh(metric.collect(), before)
    }
  })

  test('for a large family that somebody built, with and without timestamps', async () => {
    const before = new WrittenBlocks()
    const built = (offset: number, timestampMs?: number): MetricFamily =>
      metricFamily({
        name: 'x',
        help: 'X.',
        type: 'gauge',
        samples: Array.from({ length: 1000 }, (_, i) => ({
          labels: { i: String(i + offset) },
          value: 1,
          ...(timestampMs !== undefined && { timestampMs: timestampMs + i }),
        })),
      })
    const same = built(0, 5)
    for (const family of [built(0), built(0), built(1), built(0, 1), built(0, 2), same, same, built(0)]) {
      await expectFresh([family], before)
    }
  })

  test('for families that share memory, and differ in anything else', async () => {
    const row = (i: number): { labels: { i: string }; value: { on: boolean } } => ({
      labels: { i: String(i) },
      value: { on: i % 2 === 0 },
    })
    const samples = Array.from({ length: 400 }, (_, i) => row(i))
    const family = metricFamily({
      name: 'x',
      help: 'X.',
      type: 'stateset',
      states: ['on', 'off'],
      samples,
    }) as StateSetFamily
    const { columns } = family
    const [{ values, labelIds }] = columns.chunks as [SeriesChunk]
    const timed = (timestampMs: number): MetricFamily => ({
      ...family,
      columns: { ...columns, chunks: [{ values, labelIds, timestampsMs: new Float64Array(400).fill(timestampMs) }] },
    })
    const before = new WrittenBlocks()
    const variants: MetricFamily[] = [
      { ...family, states: ['up', 'down'] },
      { ...family, help: 'Other.' },
      { ...family, labelNames: ['j'] },
      { ...family, type: 'histogram', upperBounds: [], columns },
      { ...family, columns: { ...columns, rowCount: 399 } },
      { ...family, columns: { ...columns, rowCount: 1 } },
      { ...family, columns: { ...columns, chunks: [{ values: values.map((value) => 1 - value), labelIds }] } },
      timed(1),
      timed(2),
    ]
    for (const variant of variants) {
      await expectFresh([family], before)
      await expectFresh([variant], before)
      for (const next of variants) {
        await expectFresh([next], before)
        await expectFresh([variant], before)
      }
    }
  })

  test('for families that share memory, and differ in their bounds or quantiles', async () => {
    const value = {
      count: 1,
      sum: 1,
      buckets: [
        { upperBound: 1, count: 1 },
        { upperBound: Number.POSITIVE_INFINITY, count: 0 },
      ],
    }
    const samples = Array.from({ length: 400 }, (_, i) => ({ labels: { i: String(i) }, value }))
    const { upperBounds: _, ...family } = metricFamily({
      name: 'x',
      help: 'X.',
      type: 'histogram',
      upperBounds: [1],
      samples,
    }) as HistogramFamily
    const before = new WrittenBlocks()
    for (const bound of [1, 2, 1]) await expectFresh([{ ...family, upperBounds: [bound] }], before)
    for (const bound of [1, 2, 1])
      await expectFresh([{ ...family, type: 'gaugehistogram', upperBounds: [bound] }], before)
    for (const quantile of [0.5, 0.9])
      await expectFresh([{ ...family, type: 'summary', quantiles: [quantile] }], before)
  })

  test('where little may be kept, or nothing', async () => {
    for (const limit of [0, 1000, 50_000]) {
      const before = new WrittenBlocks(limit)
      const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 1000; i++) counter.inc({ i: i * round })
        await expectFresh(counter.collect(), before)
        expect(before.byteLength).toBeLessThanOrEqual(limit)
      }
    }
  })
})

describe('expositions that are written at a time', () => {
  test('each show one instant, whatever happens while they pause', async () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 100))
    const metrics = new MeteredMap()
    const before = new WrittenBlocks()
    for (let round = 0; round < 4; round++) {
      metrics.take({ do: 'fill', series: 2000 })
      const families = await metrics.registry.gather()
      const expected = textOf(await writeExposition(families))
      const pending = writeExposition(families, { before })
      let turns = 0
      const meanwhile = setInterval(() => {
        turns++
        metrics.take({ do: 'fill', series: 10 })
        metrics.take({ do: 'record', labels: ['filling', turns], amount: turns })
        metrics.take({ do: 'remove', labels: ['filling', turns * 2], amount: 0 })
        if (turns === 3) metrics.take({ do: round % 2 === 0 ? 'clear' : 'churn', series: 3000 })
      })
      const written = await pending
      clearInterval(meanwhile)
      expect(turns).toBeGreaterThan(0)
      expect(textOf(written) === expected).toBe(true)
    }
  })

  test('share what the one before wrote, and never mix', async () => {
    // Every block takes too long: all of them pause after each.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3))
    const metrics = new MeteredMap()
    const before = new WrittenBlocks()
    metrics.take({ do: 'fill', series: 3000 })
    await writeExposition(await metrics.registry.gather(), { before })

    const writing: Promise<void>[] = []
    for (let i = 0; i < 6; i++) {
      metrics.take({ do: 'record', labels: ['filling', i * 500], amount: 7 })
      if (i === 2) metrics.take({ do: 'remove', labels: ['filling', 100], amount: 0 })
      if (i === 4) metrics.take({ do: 'clear' })
      if (i === 4) metrics.take({ do: 'fill', series: 50 })
      writing.push(expectFresh(await metrics.registry.gather(), before))
    }
    await Promise.all(writing)
  })
})

describe('what has not changed', () => {
  test('is the same memory in the next exposition', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 5000; i++) counter.inc({ i })
    const before = new WrittenBlocks()
    const first = await writeExposition(counter.collect(), { before })
    counter.inc({ i: 2500 })
    const second = await writeExposition(counter.collect(), { before })
    const shared = second.blocks.filter((block) => first.blocks.includes(block))
    expect(shared.length).toBeGreaterThan(10)
    // The block of the series that has changed.
    expect(second.blocks.length - shared.length).toBe(1)
  })

  test('is handed on block by block to who gives no list for it', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 30_000; i++) counter.inc({ i })
    const before = new WrittenBlocks()
    const first = await writeExposition(counter.collect(), { before })
    counter.inc({ i: 2500 })
    const families = counter.collect()
    const blocks = [...writePrometheusText(families, { before })]
    expect(blocks.filter((block) => first.blocks.includes(block)).length).toBe(first.blocks.length - 1)
    expect(Buffer.concat(blocks).equals(Buffer.concat([...writePrometheusText(families)]))).toBe(true)
  })

  test('stays what it was in an exposition that is still being sent', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 5000; i++) counter.inc({ i })
    const before = new WrittenBlocks()
    const first = await writeExposition(counter.collect(), { before })
    const text = textOf(first)
    for (let round = 0; round < 5; round++) {
      for (let i = round; i < 5000; i += 7) counter.inc({ i })
      counter.remove({ i: round })
      await writeExposition(counter.collect(), { before })
    }
    expect(textOf(first) === text).toBe(true)
  })

  test('does not keep alive what was written beside it', async () => {
    const registry = new Registry()
    const still = gauge({ name: 'still', help: 'Still.', labelNames: ['i'], registry })
    const moving = gauge({ name: 'moving', help: 'Moving.', labelNames: ['i'], registry })
    for (let i = 0; i < 100; i++) still.set({ i }, i)
    const before = new WrittenBlocks()
    let blocks: readonly Uint8Array[] = []
    for (let round = 0; round < 12; round++) {
      for (let i = 0; i < 100; i++) moving.set({ i }, round)
      ;({ blocks } = await writeExposition(await registry.gather(), { before }))
    }
    const block = blocks.find((each) => new TextDecoder().decode(each).startsWith('still{'))!
    expect(block.buffer.byteLength).toBe(block.length)
  })

  test('is forgotten with its family', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 5000; i++) counter.inc({ i })
    const before = new WrittenBlocks()
    await writeExposition(counter.collect(), { before })
    expect(before.byteLength).toBeGreaterThan(100_000)
    await writeExposition([], { before })
    expect(before.byteLength).toBe(0)
  })
})

async function expectFresh(families: readonly MetricFamily[], before: WrittenBlocks): Promise<void> {
  const written = await writeExposition(families, { before })
  const fresh = await writeExposition(families)
  expect(written.byteLength).toBe(fresh.byteLength)
  expect(Buffer.concat(written.blocks).equals(Buffer.concat(fresh.blocks))).toBe(true)
}
