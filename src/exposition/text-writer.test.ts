import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { anyFamily, hostileText } from '../../test/conformance/any-family.ts'
import { anyStep, MeteredMap } from '../../test/conformance/metric-steps.ts'
import { Counter } from '../metrics/counter.ts'
import { Gauge } from '../metrics/gauge.ts'
import { StateSet } from '../metrics/state-set.ts'
import { metricFamily } from '../model/build-family.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { textOf, writeExposition } from './exposition.ts'
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

  test('for a metric that took the name of another', async () => {
    const before = new WrittenBlocks()
    const labelled = (labelName: string, help: string): Counter<readonly string[]> => {
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
    // The head, and the block of the series that has changed.
    expect(second.blocks.length - shared.length).toBe(2)
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
