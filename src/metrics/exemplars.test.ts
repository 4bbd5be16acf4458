import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { samplesOf } from '../model/metric-family.ts'
import { Registry } from '../registry/registry.ts'
import { expose } from '../expose.ts'
import { Counter } from './counter.ts'
import { exemplarsFrom, type ExemplarSource } from './exemplar-source.ts'
import { Histogram } from './histogram.ts'

let stop: (() => void) | undefined

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  stop?.()
  stop = undefined
  vi.useRealTimers()
})

describe('an exemplar given by hand', () => {
  test('stands behind the total of its counter, and in the bucket of its observation', async () => {
    const registry = new Registry()
    const counter = registry.register(new Counter({ name: 'c', help: 'C.', labelNames: ['i'] }))
    const histogram = registry.register(new Histogram({ name: 'h', help: 'H.', buckets: [1, 10] }))
    counter.inc({ i: 1 }, 2, { exemplar: { trace_id: 'a' } })
    counter.labels(2).inc(3, { exemplar: { trace_id: 'b', sampled: true, n: 7 } })
    histogram.observe(0.5, { exemplar: { trace_id: 'c' } })
    histogram.startTimer().end({ exemplar: { trace_id: 'd' } })
    histogram.observe(11, { exemplar: {} })
    expect(await expose(registry, { format: 'openmetrics' })).toBe(`# TYPE c counter
# HELP c C.
c_total{i="1"} 2 # {trace_id="a"} 2 1000
c_total{i="2"} 3 # {trace_id="b",sampled="true",n="7"} 3 1000
# TYPE h histogram
# HELP h H.
h_bucket{le="1.0"} 2 # {trace_id="d"} 0 1000
h_bucket{le="10.0"} 2
h_bucket{le="+Inf"} 3 # {} 11 1000
h_sum 11.5
h_count 3
# EOF
`)
  })

  test('takes the place of the one before, and is shown for 70 seconds', () => {
    const { counter, exemplar } = aCounter()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 1 } })
    counter.inc({ i: 1 }, 1, { exemplar: { id: 2 } })
    expect(exemplar()).toBe('2')
    vi.advanceTimersByTime(70_000)
    expect(exemplar()).toBe('2')
    vi.advanceTimersByTime(1)
    expect(exemplar()).toBeUndefined()
  })

  test('is gone when the clock was set back to long before it', () => {
    const { counter, exemplar } = aCounter()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 1 } })
    vi.setSystemTime(START - 70_000)
    expect(exemplar()).toBe('1')
    vi.setSystemTime(START - 70_001)
    expect(exemplar()).toBeUndefined()
  })

  test('changes no picture that was taken before', () => {
    const { counter } = aCounter()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 1 } })
    const [before] = counter.collect()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 2 } })
    expect([...samplesOf(before!)][0]!.exemplars![0]!.labels).toEqual({ id: '1' })
  })

  test('goes with its series: when that is removed, and when a metric without labels is cleared', () => {
    const { counter, exemplar } = aCounter()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 1 } })
    counter.remove(1)
    counter.inc({ i: 1 })
    expect(exemplar()).toBeUndefined()
    const bare = new Counter({ name: 'x', help: 'X.' })
    bare.inc(1, { exemplar: { id: 1 } })
    bare.clear()
    expect([...samplesOf(bare.collect()[0]!)][0]).not.toHaveProperty('exemplars')
  })

  test.each<[string, unknown]>([
    ['labels of more than 128 code points', { a: '😱'.repeat(128) }],
    ['a label that could not be one', { 'a b': 'x' }],
    ['a value that is no text', { a: {} }],
    ['no labels', 'trace'],
    ['null', null],
  ])('that is wrong (%s) is dropped and counted, and the value is recorded', async (_, exemplar) => {
    const registry = new Registry()
    const counter = registry.register(new Counter({ name: 'c', help: 'C.' }))
    counter.inc(2, { exemplar: exemplar as Record<string, string> })
    expect(await expose(registry, { format: 'openmetrics' })).toContain(
      'c_total 2\n# TYPE narthex_exemplars_dropped counter',
    )
    expect(counter.droppedExemplars).toBe(1)
  })

  test('of NaN is dropped: it is in no bucket', () => {
    const histogram = new Histogram({ name: 'h', help: 'H.' })
    histogram.observe(Number.NaN, { exemplar: { a: 1 } })
    expect(histogram.droppedExemplars).toBe(1)
  })
})

describe('exemplars that come by themselves', () => {
  const sourceOf = (): { source: ExemplarSource; asked: () => number } => {
    let id = 0
    return { source: () => ({ id: ++id }), asked: () => id }
  }

  test('are asked for every 90 ms and series at most, however it is recorded', () => {
    const { counter } = aCounter()
    const { source, asked } = sourceOf()
    stop = exemplarsFrom(source)
    const record = (): void => {
      counter.inc({ i: 1 })
      counter.labels(1).inc()
      counter.labels(2).inc()
    }
    for (let i = 0; i < 10; i++) record()
    expect(asked()).toBe(2)
    vi.advanceTimersByTime(89)
    record()
    expect(asked()).toBe(2)
    // The first ones are kept for seven seconds: nothing is asked for until then.
    vi.advanceTimersByTime(6_900)
    record()
    expect(asked()).toBe(2)
    vi.advanceTimersByTime(90)
    record()
    expect(asked()).toBe(4)
  })

  test('fill one bucket after the other', () => {
    const histogram = new Histogram({ name: 'h', help: 'H.', buckets: [1, 2] })
    stop = exemplarsFrom(sourceOf().source)
    for (const value of [0.5, 1.5, 2.5]) {
      histogram.observe(value)
      vi.advanceTimersByTime(90)
    }
    expect(
      [...samplesOf(histogram.collect()[0]!)][0]!.exemplars!.map(({ value, labels }) => [value, labels['id']]),
    ).toEqual([
      [0.5, '1'],
      [1.5, '2'],
      [2.5, '3'],
    ])
  })

  test('stay away from those that were given by hand', () => {
    const { counter, exemplar } = aCounter()
    counter.inc({ i: 1 }, 1, { exemplar: { id: 'by hand' } })
    stop = exemplarsFrom(() => ({ id: 'by itself' }))
    for (let ms = 0; ms < 69_000; ms += 1_000) {
      vi.advanceTimersByTime(1_000)
      counter.inc({ i: 1 })
      expect(exemplar()).toBe('by hand')
    }
    vi.advanceTimersByTime(1_100)
    counter.inc({ i: 1 })
    expect(exemplar()).toBe('by itself')
  })

  test('are none where the source has none, and when it has been stopped', () => {
    const { counter, exemplar } = aCounter()
    const end = exemplarsFrom(() => undefined)
    counter.inc({ i: 1 })
    expect(exemplar()).toBeUndefined()
    end()
    const { source, asked } = sourceOf()
    exemplarsFrom(source)()
    counter.inc({ i: 1 })
    vi.advanceTimersByTime(1_000)
    counter.inc({ i: 1 })
    expect(asked()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('come from the last source; the end of another one changes nothing', () => {
    const { counter, exemplar } = aCounter()
    const first = exemplarsFrom(() => ({ id: 'first' }))
    stop = exemplarsFrom(() => ({ id: 'second' }))
    first()
    counter.inc({ i: 1 })
    expect(exemplar()).toBe('second')
  })

  test('go on coming where the same source was set twice, and the first of both is ended', () => {
    const { counter, exemplar } = aCounter()
    const source: ExemplarSource = () => ({ id: 'same' })
    const stopFirst = exemplarsFrom(source)
    stop = exemplarsFrom(source)
    stopFirst()
    counter.inc({ i: 1 })
    expect(exemplar()).toBe('same')
  })

  test('cost no recording when the source fails', () => {
    const { counter } = aCounter()
    stop = exemplarsFrom(() => {
      throw new Error('deliberate')
    })
    counter.inc({ i: 1 })
    expect([...samplesOf(counter.collect()[0]!)]).toMatchObject([{ value: 1 }])
    expect(counter.droppedExemplars).toBe(1)
  })
})

const START = 1_000_000

function aCounter(): { counter: Counter<['i']>; exemplar: () => string | undefined } {
  const counter = new Counter<['i']>({ name: 'c', help: 'C.', labelNames: ['i'] })
  return { counter, exemplar: () => [...samplesOf(counter.collect()[0]!)][0]!.exemplars?.[0]!.labels['id'] }
}
