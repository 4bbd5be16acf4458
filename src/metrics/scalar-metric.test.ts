import { describe, expect, test } from 'vitest'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { counter } from './counter.ts'
import { Gauge, gauge } from './gauge.ts'
import type { CollectedSeries } from './scalar-metric.ts'

describe('a callback is asked at each scrape', () => {
  test('and answers the number', async () => {
    const registry = new Registry()
    const waiting = ['a']
    gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => waiting.length, registry })
    expect(await expose(registry)).toBe(
      '# HELP queue_length Waiting jobs.\n# TYPE queue_length gauge\nqueue_length 1\n',
    )
    waiting.push('b')
    expect(await expose(registry)).toContain('queue_length 2\n')
  })

  test('and answers a promise of it', async () => {
    const registry = new Registry()
    gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: async () => 5, registry })
    expect(await expose(registry)).toContain('queue_length 5\n')
  })

  test('and answers what is a promise to any library', async () => {
    const registry = new Registry()
    const query = (): PromiseLike<number> => ({
      // oxlint-disable-next-line unicorn/no-thenable -- a promise of another library is tested
      then: (resolve, reject) => Promise.resolve(5).then(resolve, reject),
    })
    gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: query, registry })
    expect(await expose(registry)).toContain('queue_length 5\n')
  })

  test('of a counter, too', async () => {
    const registry = new Registry()
    let sent = 10
    counter({ name: 'sent_bytes', help: 'Bytes sent.', unit: 'bytes', collect: () => sent++, registry })
    expect(await expose(registry)).toContain('sent_bytes_total 10\n')
    expect(await expose(registry)).toContain('sent_bytes_total 11\n')
  })

  test('and answers all series of a metric with labels', async () => {
    const registry = new Registry()
    const queues = new Map([
      ['mail', 3],
      ['print', 0],
    ])
    gauge({
      name: 'queue_length',
      help: 'Waiting jobs.',
      labelNames: ['queue'],
      collect: () => [...queues].map(([queue, length]) => [{ queue }, length] as const),
      registry,
    })
    expect(await expose(registry)).toBe(`# HELP queue_length Waiting jobs.
# TYPE queue_length gauge
queue_length{queue="mail"} 3
queue_length{queue="print"} 0
`)
    queues.delete('mail')
    queues.set('fax', 1)
    expect(await expose(registry)).toBe(`# HELP queue_length Waiting jobs.
# TYPE queue_length gauge
queue_length{queue="print"} 0
queue_length{queue="fax"} 1
`)
  })

  test('and may answer series by a generator, at once or later', async () => {
    function* series(): Generator<CollectedSeries<['a']>> {
      yield [{ a: 1 }, 10]
      yield [{ a: true }, 20]
    }
    const registry = new Registry()
    gauge({ name: 'x', help: 'X.', labelNames: ['a'], collect: series, registry })
    gauge({ name: 'y', help: 'Y.', labelNames: ['a'], collect: async () => series(), registry })
    expect(await expose(registry)).toBe(`# HELP x X.
# TYPE x gauge
x{a="1"} 10
x{a="true"} 20
# HELP y Y.
# TYPE y gauge
y{a="1"} 10
y{a="true"} 20
`)
  })

  test('and only then', () => {
    let asked = 0
    const x = new Gauge({ name: 'x', help: 'X.', collect: () => ++asked })
    x.collect()
    expect(asked).toBe(0)
  })
})

describe('an answer that is wrong in any part is not shown at all:', () => {
  const good: CollectedSeries<['a']> = [{ a: 'new' }, 1]

  test.each<[string, unknown]>([
    ['a value that is no number', [good, [{ a: 'x' }, '5']]],
    ['a label too many', [good, [{ a: 'x', b: 'y' }, 5]]],
    ['a missing label', [good, [{}, 5]]],
    ['a label value that is none', [good, [{ a: null }, 5]]],
    ['no labels', [good, 5]],
    ['a number instead of series', 5],
    ['nothing', undefined],
  ])('%s', async (_, answer) => {
    const registry = new Registry({ onWarning: () => {} })
    let now: unknown = [[{ a: 'before' }, 7]]
    const x = gauge({
      name: 'x',
      help: 'X.',
      labelNames: ['a'],
      collect: () => now as CollectedSeries<['a']>[],
      registry,
    })
    await registry.gather()
    now = answer
    expect((await registry.gather()).map((family) => family.name)).toEqual(['narthex_collector_failures_total'])
    const [family] = x.collect()
    expect(family!.columns.labelValues).not.toContain('new')
    expect([...family!.columns.chunks[0]!.values]).toEqual([7])
  })

  test('a falling or missing number for a counter', async () => {
    for (const answer of [-1, Number.NaN, undefined, '5']) {
      const registry = new Registry({ onWarning: () => {} })
      counter({ name: 'x', help: 'X.', collect: () => answer as number, registry })
      expect((await registry.gather()).map((family) => family.name)).toEqual(['narthex_collector_failures_total'])
    }
  })
})

test('series of an answer beyond maxSeries are summed up in the overflow series', async () => {
  const registry = new Registry({ onWarning: () => {} })
  const collect = (): CollectedSeries<['a']>[] => [
    [{ a: 1 }, 1],
    [{ a: 2 }, 2],
    [{ a: 3 }, 4],
  ]
  counter({ name: 'x', help: 'X.', labelNames: ['a'], maxSeries: 1, collect, registry })
  for (let i = 0; i < 2; i++) expect(await expose(registry)).toContain('x_total{a="1"} 1\nx_total{a="_overflow"} 6\n')
})
