import { afterEach, describe, expect, test, vi } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { gauge } from './gauge.ts'

afterEach(() => void vi.useRealTimers())

describe('a gauge', () => {
  test('is set, rises and falls, by name and by position', async () => {
    const registry = new Registry()
    const queue = gauge({ name: 'queue_length', help: 'Waiting jobs.', labelNames: ['queue'], registry })
    queue.set({ queue: 'mail' }, 5)
    queue.inc({ queue: 'mail' })
    queue.dec({ queue: 'mail' }, 0.5)
    queue.dec({ queue: 'print' })
    queue.labels('print').inc(-2)
    queue.labels('fax').set(7)
    queue.labels('fax').dec()
    queue.labels('fax').inc()
    expect(await expose(registry)).toBe(`# HELP queue_length Waiting jobs.
# TYPE queue_length gauge
queue_length{queue="mail"} 5.5
queue_length{queue="print"} -3
queue_length{queue="fax"} 7
`)
  })

  test('without labels starts at 0 and has all its verbs itself (CL8)', async () => {
    const registry = new Registry()
    const temperature = gauge({ name: 'temperature_celsius', help: 'Outside.', unit: 'celsius', registry })
    expect(await expose(registry)).toContain('temperature_celsius 0\n')
    temperature.set(-3.5)
    temperature.dec()
    temperature.inc(2)
    expect(await expose(registry)).toContain('temperature_celsius -2.5\n')
  })

  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.797_693_134_862_315_7e308, '1.7976931348623157e+308'],
  ])('may be %d', async (value, text) => {
    const registry = new Registry()
    gauge({ name: 'x', help: 'X.', registry }).set(value)
    expect(await expose(registry)).toContain(`\nx ${text}\n`)
  })

  test('shows the present time in seconds (CL8)', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_500 })
    const registry = new Registry()
    const last = gauge({ name: 'last_success_timestamp_seconds', help: 'Unix time.', labelNames: ['job'], registry })
    last.labels('backup').setToCurrentTime()
    gauge({ name: 'start_time_seconds', help: 'Unix time.', registry }).setToCurrentTime()
    expect(await expose(registry)).toContain('last_success_timestamp_seconds{job="backup"} 1700000000.5\n')
    expect(await expose(registry)).toContain('start_time_seconds 1700000000.5\n')
  })
})

describe('a gauge refuses, and stays as it is, when it is given', () => {
  test.each([['5'], [undefined], [null], [true], [5n], [{ valueOf: () => 1 }]])('%s', async (given) => {
    const registry = new Registry()
    const plain = gauge({ name: 'plain', help: 'Without labels.', registry })
    const labelled = gauge({ name: 'labelled', help: 'With labels.', labelNames: ['a'], registry })
    plain.set(3)
    labelled.set({ a: 'x' }, 3)
    const value = given as number
    const attempts = [
      () => plain.set(value),
      () => labelled.set({ a: 'new' }, value),
      () => labelled.labels('x').set(value),
    ]
    if (given !== undefined) {
      attempts.push(
        () => plain.inc(value),
        () => plain.dec(value),
        () => labelled.inc({ a: 'new' }, value),
        () => labelled.dec({ a: 'new' }, value),
        () => labelled.labels('x').inc(value),
        () => labelled.labels('x').dec(value),
      )
    }
    for (const attempt of attempts) {
      const error = refusal(attempt)
      expect(error.code).toBe('INVALID_VALUE')
      expect(error.message).toMatch(/^(plain|labelled) was given /)
    }
    expect(await expose(registry)).toBe(`# HELP plain Without labels.
# TYPE plain gauge
plain 3
# HELP labelled With labels.
# TYPE labelled gauge
labelled{a="x"} 3
`)
  })
})

describe('trackInProgress', () => {
  test('is one more until a promise settles, and gives its value', async () => {
    const registry = new Registry()
    const series = gauge({ name: 'in_progress', help: 'Calls.', labelNames: ['call'], registry }).labels('query')
    let finish: (rows: string) => void = () => {}
    const call = series.trackInProgress(() => new Promise<string>((resolve) => (finish = resolve)))
    expect(await expose(registry)).toContain('in_progress{call="query"} 1\n')
    finish('rows')
    expect(await call).toBe('rows')
    expect(await expose(registry)).toContain('in_progress{call="query"} 0\n')
  })

  test('is one less again when a promise rejects or a function throws', async () => {
    const registry = new Registry()
    const calls = gauge({ name: 'in_progress', help: 'Calls.', registry })
    await expect(calls.trackInProgress(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(() =>
      calls.trackInProgress(() => {
        throw new Error('broken')
      }),
    ).toThrow('broken')
    expect(await expose(registry)).toContain('in_progress 0\n')
  })

  test('tells a function that asks that it is in progress', async () => {
    const registry = new Registry()
    const calls = gauge({ name: 'in_progress', help: 'Calls.', registry })
    const seen = await calls.trackInProgress(() => expose(registry))
    expect(seen).toContain('in_progress 1\n')
  })
})

describe('time', () => {
  test('sets the seconds that a function took', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const registry = new Registry()
    const took = gauge({ name: 'batch_duration_seconds', help: 'The last batch.', registry })
    expect(took.time(() => (vi.advanceTimersByTime(1500), 'done'))).toBe('done')
    expect(await expose(registry)).toContain('batch_duration_seconds 1.5\n')
  })

  test('sets the seconds to the end of a promise, even one that rejects', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] })
    const registry = new Registry()
    const took = gauge({ name: 'batch_duration_seconds', help: 'The last batch.', labelNames: ['batch'], registry })
    const batch = took.labels('night').time(async () => {
      await Promise.resolve()
      vi.advanceTimersByTime(250)
      throw new Error('broken')
    })
    await expect(batch).rejects.toThrow('broken')
    expect(await expose(registry)).toContain('batch_duration_seconds{batch="night"} 0.25\n')
  })
})

test('the shorthands of the one series need a gauge without labels', () => {
  const labelled = gauge({ name: 'x', help: 'X.', labelNames: ['a'], registry: new Registry() })
  for (const attempt of [
    () => labelled.setToCurrentTime(),
    () => labelled.trackInProgress(() => 1),
    () => labelled.time(() => 1),
  ]) {
    expect(refusal(attempt)).toMatchObject({
      code: 'INVALID_LABELS',
      message: expect.stringContaining('x has the labels a'),
    })
  }
})
