import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import type { HistogramValue } from '../model/histogram-value.ts'
import { samplesOf } from '../model/metric-family.ts'
import { Registry } from '../registry/registry.ts'
import { Histogram, histogram } from './histogram.ts'

afterEach(() => void vi.useRealTimers())

describe('a histogram', () => {
  test('counts observations in cumulative buckets and sums them, by name and by position', async () => {
    const registry = new Registry()
    const sizes = histogram({
      name: 'mail_size_bytes',
      help: 'Size of a mail.',
      labelNames: ['folder'],
      buckets: [10, 100.5, 1e6],
      registry,
    })
    sizes.observe({ folder: 'inbox' }, 5)
    sizes.observe({ folder: 'inbox' }, 100)
    sizes.labels('inbox').observe(1e9)
    sizes.labels({ folder: 'sent' }).observe(10)
    expect(await expose(registry)).toBe(`# HELP mail_size_bytes Size of a mail.
# TYPE mail_size_bytes histogram
mail_size_bytes_bucket{folder="inbox",le="10"} 1
mail_size_bytes_bucket{folder="inbox",le="100.5"} 2
mail_size_bytes_bucket{folder="inbox",le="1e+06"} 2
mail_size_bytes_bucket{folder="inbox",le="+Inf"} 3
mail_size_bytes_sum{folder="inbox"} 1000000105
mail_size_bytes_count{folder="inbox"} 3
mail_size_bytes_bucket{folder="sent",le="10"} 1
mail_size_bytes_bucket{folder="sent",le="100.5"} 1
mail_size_bytes_bucket{folder="sent",le="1e+06"} 1
mail_size_bytes_bucket{folder="sent",le="+Inf"} 1
mail_size_bytes_sum{folder="sent"} 10
mail_size_bytes_count{folder="sent"} 1
`)
  })

  test('without labels starts with empty buckets, those of the other clients (CL10)', async () => {
    const registry = new Registry()
    histogram({ name: 'slow', help: 'Slow Requests', registry })
    expect(await expose(registry)).toBe(`# HELP slow Slow Requests
# TYPE slow histogram
slow_bucket{le="0.005"} 0
slow_bucket{le="0.01"} 0
slow_bucket{le="0.025"} 0
slow_bucket{le="0.05"} 0
slow_bucket{le="0.1"} 0
slow_bucket{le="0.25"} 0
slow_bucket{le="0.5"} 0
slow_bucket{le="1"} 0
slow_bucket{le="2.5"} 0
slow_bucket{le="5"} 0
slow_bucket{le="10"} 0
slow_bucket{le="+Inf"} 0
slow_sum 0
slow_count 0
`)
  })

  test('counts what is exactly a bound in the bucket of that bound', () => {
    expect(observed([1, 2, 3], [1, 2, 2, 3]).buckets.map((bucket) => bucket.count)).toEqual([1, 2, 1, 0])
  })

  test('counts NaN in the bucket to infinity, and its sum is NaN from then on (H8, P8)', async () => {
    const registry = new Registry()
    const x = histogram({ name: 'x', help: 'X.', buckets: [1], registry })
    x.observe(Number.NaN)
    x.observe(1)
    expect(await expose(registry)).toBe(`# HELP x X.
# TYPE x histogram
x_bucket{le="1"} 1
x_bucket{le="+Inf"} 2
x_sum NaN
x_count 2
`)
  })

  test('counts the infinities in the outermost buckets, and sums them as IEEE 754 does (H8)', () => {
    const { buckets, sum } = observed([0], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(buckets.map((bucket) => bucket.count)).toEqual([1, 1])
    expect(sum).toBeNaN()
    expect(observed([0], [Number.POSITIVE_INFINITY, 1]).sum).toBe(Number.POSITIVE_INFINITY)
  })

  test('takes no notice of what becomes of the array of buckets that it was given (CL10)', async () => {
    const registry = new Registry()
    const buckets = [1, 2]
    const x = histogram({ name: 'x', help: 'X.', buckets, registry })
    buckets[0] = 5
    buckets.push(3)
    x.observe(1.5)
    expect(await expose(registry)).toContain('x_bucket{le="1"} 0\nx_bucket{le="2"} 1\nx_bucket{le="+Inf"} 1\n')
  })

  test('counts as a naive model does, whatever is observed', () => {
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 5e-324, -5e-324, 2 ** -1023]
    const anyBounds = fc
      .uniqueArray(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1, 5e-324, -5e-324)),
        {
          minLength: 1,
          // Enough of them to be searched in the other way.
          maxLength: 100,
          size: 'max',
          // 0 and −0 are one bound.
          comparator: (a, b) => a === b,
        },
      )
      .map((bounds) => bounds.toSorted((a, b) => a - b))
    const anyCase = anyBounds.chain((bounds) =>
      fc.tuple(
        fc.constant(bounds),
        fc.array(fc.oneof(fc.double(), fc.constantFrom(...special), fc.constantFrom(...bounds)), { maxLength: 30 }),
      ),
    )
    fc.assert(
      fc.property(anyCase, ([bounds, values]) => {
        const { count, sum, buckets } = observed(bounds, values)
        expect(count).toBe(values.length)
        expect(
          Object.is(
            sum,
            values.reduce((total, value) => total + value, 0),
          ),
        ).toBe(true)
        let cumulative = 0
        for (const { upperBound, count } of buckets) {
          cumulative += count
          const upToHere = values.filter((value) => value <= upperBound).length
          expect(cumulative).toBe(upperBound === Number.POSITIVE_INFINITY ? values.length : upToHere)
        }
        expect(buckets.map((bucket) => bucket.upperBound)).toEqual([...bounds, Number.POSITIVE_INFINITY])
      }),
      { numRuns: 200 },
    )
  })

  test('has any number of buckets', () => {
    const bounds = Array.from({ length: 5000 }, (_, i) => i)
    const { buckets } = observed(bounds, [0, 2500, 2500, 4999, 5000])
    expect(buckets.filter((bucket) => bucket.count > 0)).toEqual([
      { upperBound: 0, count: 1 },
      { upperBound: 2500, count: 2 },
      { upperBound: 4999, count: 1 },
      { upperBound: Number.POSITIVE_INFINITY, count: 1 },
    ])
  })
})

test.each<[unknown]>([['5'], [undefined], [null], [true], [5n]])(
  'a histogram refuses to observe %s, and stays as it is',
  async (given) => {
    const registry = new Registry()
    const plain = histogram({ name: 'plain', help: 'Without labels.', buckets: [1], registry })
    const labelled = histogram({ name: 'labelled', help: 'With labels.', labelNames: ['a'], buckets: [1], registry })
    const series = labelled.labels('x')
    const value = given as number
    for (const attempt of [
      () => plain.observe(value),
      () => labelled.observe({ a: 'new' }, value),
      () => series.observe(value),
    ]) {
      const error = refusal(attempt)
      expect(error.code).toBe('INVALID_VALUE')
      expect(error.message).toMatch(/^(plain|labelled) cannot observe /)
    }
    expect(await expose(registry)).toBe(`# HELP plain Without labels.
# TYPE plain histogram
plain_bucket{le="1"} 0
plain_bucket{le="+Inf"} 0
plain_sum 0
plain_count 0
# HELP labelled With labels.
# TYPE labelled histogram
labelled_bucket{a="x",le="1"} 0
labelled_bucket{a="x",le="+Inf"} 0
labelled_sum{a="x"} 0
labelled_count{a="x"} 0
`)
  },
)

describe('a histogram times', () => {
  test('a function, in seconds (CL11)', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const registry = new Registry()
    const slow = histogram({ name: 'slow', help: 'Slow Requests', buckets: [1], registry })
    expect(slow.time(() => (vi.advanceTimersByTime(1250), 'rows'))).toBe('rows')
    expect(await expose(registry)).toContain('slow_sum 1.25\nslow_count 1\n')
  })

  test('a promise to its end, whether it resolves or rejects', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const registry = new Registry()
    const slow = histogram({ name: 'slow', help: 'Slow Requests', labelNames: ['endpoint'], buckets: [1], registry })
    const query = async (failure?: Error): Promise<string> => {
      await Promise.resolve()
      vi.advanceTimersByTime(500)
      if (failure) throw failure
      return 'rows'
    }
    expect(await slow.labels('/database').time(() => query())).toBe('rows')
    await expect(slow.labels('/database').time(() => query(new Error('broken')))).rejects.toThrow('broken')
    expect(await expose(registry)).toContain('slow_sum{endpoint="/database"} 1\nslow_count{endpoint="/database"} 2\n')
  })

  test('a block, and what lies between a start and an end', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const registry = new Registry()
    const slow = histogram({ name: 'slow', help: 'Slow Requests', buckets: [1], registry })
    {
      using _ = slow.startTimer()
      vi.advanceTimersByTime(250)
    }
    const timer = slow.labels().startTimer()
    vi.advanceTimersByTime(500)
    expect(timer.end()).toBe(0.5)
    expect(await expose(registry)).toContain('slow_sum 0.75\nslow_count 2\n')
  })

  test('only through a series if it has labels', () => {
    const labelled = new Histogram({ name: 'slow', help: 'Slow.', labelNames: ['a'] })
    for (const attempt of [() => labelled.startTimer(), () => labelled.time(() => 1)]) {
      expect(refusal(attempt)).toMatchObject({
        code: 'INVALID_LABELS',
        message: expect.stringContaining('slow has the labels a'),
      })
    }
  })
})

/** What a histogram with these bounds shows after these observations. */
function observed(bounds: readonly number[], values: readonly number[]): HistogramValue {
  const x = new Histogram({ name: 'x', help: 'X.', buckets: bounds })
  for (const value of values) x.observe(value)
  const [sample] = samplesOf(x.collect()[0]!)
  return sample!.value as HistogramValue
}
