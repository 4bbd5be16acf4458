import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { Registry } from '../registry/registry.ts'
import { counter } from './counter.ts'

describe('a counter', () => {
  test('counts by name and by position, 1 or an amount', async () => {
    const registry = new Registry()
    const requests = counter({
      name: 'requests',
      help: 'Application Request Count',
      labelNames: ['method', 'endpoint'],
      registry,
    })
    requests.inc({ method: 'GET', endpoint: '/' })
    requests.inc({ endpoint: '/', method: 'GET' }, 2)
    requests.labels('GET', '/').inc()
    requests.labels({ method: 'GET', endpoint: '/' }).inc(0.5)
    requests.inc({ method: 'POST', endpoint: '/' }, undefined)
    expect(await expose(registry)).toBe(`# HELP requests_total Application Request Count
# TYPE requests_total counter
requests_total{method="GET",endpoint="/"} 4.5
requests_total{method="POST",endpoint="/"} 1
`)
  })

  test('without labels is there from the start, at 0 (CL7, CL14)', async () => {
    const registry = new Registry()
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', registry })
    expect(await expose(registry)).toBe('# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 0\n')
    jobs.inc()
    jobs.inc(2)
    jobs.inc(undefined)
    expect(await expose(registry)).toContain('jobs_total 4\n')
  })

  test('with labels shows a series from the moment that it is first asked for (CL14)', async () => {
    const registry = new Registry()
    const jobs = counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'], registry })
    expect(await expose(registry)).toBe('# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\n')
    jobs.labels('mail')
    expect(await expose(registry)).toContain('jobs_total{queue="mail"} 0\n')
  })

  test('has _total in its name on the wire, once, whether it is declared with it or not', async () => {
    const registry = new Registry()
    counter({ name: 'a', help: 'A.', registry })
    counter({ name: 'b_total', help: 'B.', registry })
    expect((await registry.gather()).map((family) => family.name)).toEqual(['a_total', 'b_total'])
  })

  test('may grow to infinity and by fractions', async () => {
    const registry = new Registry()
    const joules = counter({ name: 'energy_joules', help: 'Energy used.', unit: 'joules', registry })
    joules.inc(1e-9)
    joules.inc(0)
    expect(await expose(registry)).toContain('energy_joules_total 1e-9\n')
    joules.inc(Number.POSITIVE_INFINITY)
    expect(await expose(registry)).toContain('energy_joules_total +Inf\n')
  })
})

describe('a counter refuses, and stays as it is, when it is incremented by', () => {
  test.each<[unknown, string]>([
    [-1, 'NEGATIVE_INCREMENT'],
    [-Number.MIN_VALUE, 'NEGATIVE_INCREMENT'],
    [Number.NaN, 'NEGATIVE_INCREMENT'],
    [Number.NEGATIVE_INFINITY, 'NEGATIVE_INCREMENT'],
    ['1', 'INVALID_AMOUNT'],
    [null, 'INVALID_AMOUNT'],
    [true, 'INVALID_AMOUNT'],
    [[1], 'INVALID_AMOUNT'],
    [{ valueOf: () => 1 }, 'INVALID_AMOUNT'],
  ])('%s', async (amount, code) => {
    const registry = new Registry()
    const plain = counter({ name: 'plain', help: 'Without labels.', registry })
    const labelled = counter({ name: 'labelled', help: 'With labels.', labelNames: ['a'], registry })
    plain.inc(3)
    labelled.inc({ a: 'x' }, 3)
    const by = amount as number
    for (const attempt of [
      () => plain.inc(by),
      () => plain.labels().inc(by),
      () => labelled.inc({ a: 'x' }, by),
      () => labelled.inc({ a: 'new' }, by),
      () => labelled.labels('x').inc(by),
    ]) {
      const error = refusal(attempt)
      expect(error.code).toBe(code)
      expect(error.message).toMatch(/^(plain|labelled)_total cannot be incremented by /)
    }
    expect(await expose(registry)).toBe(`# HELP plain_total Without labels.
# TYPE plain_total counter
plain_total 3
# HELP labelled_total With labels.
# TYPE labelled_total counter
labelled_total{a="x"} 3
`)
  })
})

describe('countExceptions', () => {
  const failures = (registry: Registry) =>
    counter({ name: 'failures', help: 'Failed calls.', labelNames: ['call'], registry }).labels('query')

  test('counts what throws, and lets the error through', async () => {
    const registry = new Registry()
    const error = new Error('broken')
    const series = failures(registry)
    expect(() =>
      series.countExceptions(() => {
        throw error
      }),
    ).toThrow(error)
    expect(await expose(registry)).toContain('failures_total{call="query"} 1\n')
  })

  test('counts a promise that rejects, and lets the reason through', async () => {
    const registry = new Registry()
    const error = new Error('broken')
    await expect(failures(registry).countExceptions(() => Promise.reject(error))).rejects.toBe(error)
    expect(await expose(registry)).toContain('failures_total{call="query"} 1\n')
  })

  test('does not count what succeeds, and hands on what it returns', async () => {
    const registry = new Registry()
    expect(failures(registry).countExceptions(() => 5)).toBe(5)
    expect(await failures(registry).countExceptions(async () => 6)).toBe(6)
    expect(await expose(registry)).toContain('failures_total{call="query"} 0\n')
  })

  test('is there on a counter without labels, too, and only there', async () => {
    const registry = new Registry()
    const plain = counter({ name: 'plain', help: 'Plain.', registry })
    await expect(plain.countExceptions(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await expose(registry)).toContain('plain_total 1\n')
    const labelled = counter({ name: 'labelled', help: 'With labels.', labelNames: ['a'], registry })
    const error = refusal(() => labelled.countExceptions(() => 5))
    expect(error).toMatchObject({
      code: 'INVALID_LABELS',
      message: expect.stringContaining('labelled_total has the labels a'),
    })
  })
})
