import { describe, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { Counter, counter } from './counter.ts'

describe('maxSeries', () => {
  const full = (registry: Registry): Counter<readonly ['user']> => {
    const logins = counter({ name: 'logins', help: 'Logins.', labelNames: ['user'], maxSeries: 2, registry })
    for (const user of ['a', 'b', 'c', 'd', 'c']) logins.inc({ user })
    return logins
  }

  test('sends what exceeds it to one overflow series, counts that, and says it once', async () => {
    const onWarning = vi.fn<(message: string) => void>()
    const registry = new Registry({ onWarning })
    full(registry)
    expect(await expose(registry)).toBe(`# HELP logins_total Logins.
# TYPE logins_total counter
logins_total{user="a"} 1
logins_total{user="b"} 1
logins_total{user="_overflow"} 3
# HELP narthex_series_overflow_total New label sets that went to the overflow series, beyond the maxSeries of the metric.
# TYPE narthex_series_overflow_total counter
narthex_series_overflow_total{metric="logins_total"} 3
`)
    await expose(registry)
    expect(onWarning.mock.calls.map(([message]) => message)).toEqual([
      'narthex: logins_total has reached its maxSeries: new label sets go to the overflow series',
    ])
  })

  test('leaves the series that are there as they are', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const logins = full(registry)
    logins.inc({ user: 'a' })
    logins.labels('b').inc()
    expect(await expose(registry)).toContain(
      'logins_total{user="a"} 2\nlogins_total{user="b"} 2\nlogins_total{user="_overflow"} 3\n',
    )
  })

  test('gives everybody the one overflow series', () => {
    const logins = full(new Registry())
    expect(logins.labels('x')).toBe(logins.labels('y'))
    expect(logins.labels('x')).toBe(logins.labels('_overflow'))
    expect(logins.labels('x')).not.toBe(logins.labels('a'))
  })

  test('has room again when a series is removed, or all are cleared', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const logins = full(registry)
    logins.remove({ user: 'a' })
    logins.inc({ user: 'e' })
    logins.inc({ user: 'f' })
    expect(new Set((await lines(registry)).filter((line) => line.startsWith('logins')))).toEqual(
      new Set(['logins_total{user="b"} 1', 'logins_total{user="e"} 1', 'logins_total{user="_overflow"} 4']),
    )
    logins.clear()
    logins.inc({ user: 'f' })
    logins.inc({ user: 'g' })
    expect((await lines(registry)).filter((line) => line.startsWith('logins'))).toEqual([
      'logins_total{user="f"} 1',
      'logins_total{user="g"} 1',
    ])
  })

  test('stops the growth of memory', () => {
    const logins = new Counter({ name: 'logins', help: 'Logins.', labelNames: ['user', 'code'], maxSeries: 10 })
    for (let i = 0; i < 50_000; i++) logins.inc({ user: `user ${i}`, code: i })
    const { columns } = logins.collect()[0]!
    expect(columns.rowCount).toBe(11)
    expect(columns.labelValues.length).toBeLessThan(30)
    expect(logins.overflowed).toBe(49_990)
  })

  test('counts nothing that a wrong label was given', () => {
    const logins = full(new Registry())
    expect(refusal(() => logins.inc({ user: null as unknown as string })).code).toBe('INVALID_LABEL_VALUE')
    expect(logins.overflowed).toBe(3)
  })

  test('is no matter while it is not exceeded', async () => {
    const onWarning = vi.fn<() => void>()
    const registry = new Registry({ onWarning })
    const logins = counter({ name: 'logins', help: 'Logins.', labelNames: ['user'], maxSeries: 2, registry })
    logins.inc({ user: 'a' })
    logins.inc({ user: 'b' })
    expect(await lines(registry)).toHaveLength(4)
    expect(onWarning).not.toHaveBeenCalled()
  })
})

async function lines(registry: Registry): Promise<string[]> {
  return (await expose(registry)).trimEnd().split('\n')
}
