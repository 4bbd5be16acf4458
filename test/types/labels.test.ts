import { describe, expect, test } from 'vitest'
import { counter, Counter, gauge, histogram, Registry, stateSet, summary, type LabelValue } from 'narthex'
import { refusal } from '../refusal.ts'

/*
 * What must not compile is refused at run time, too: `npm run check:types` holds the first, the test run the second.
 */

const registry = new Registry()

describe('label names are inferred from the declaration, without `as const`', () => {
  const requests = counter({ name: 'requests', help: 'Requests.', labelNames: ['method', 'endpoint'], registry })

  test('right labels compile, by name in any order and by position', () => {
    requests.inc({ method: 'GET', endpoint: '/' })
    requests.inc({ endpoint: '/', method: 'GET' }, 2)
    requests.labels({ method: 'GET', endpoint: '/' }).inc()
    requests.labels('GET', '/').inc(0.5)
    expect(requests.remove('GET', '/')).toBe(true)
    expect(requests.remove({ method: 'GET', endpoint: '/' })).toBe(false)
  })

  test('values are texts, numbers and booleans', () => {
    requests.inc({ method: true, endpoint: 5 })
    requests.labels(200, false).inc()
    const value: LabelValue = Math.random() > 2 ? 'a' : 5
    requests.labels(value, value)
    // @ts-expect-error null is no label value
    expect(refusal(() => requests.inc({ method: null, endpoint: '/' })).code).toBe('INVALID_LABEL_VALUE')
    // @ts-expect-error neither is undefined
    expect(refusal(() => requests.labels('GET', undefined)).code).toBe('INVALID_LABEL_VALUE')
    // @ts-expect-error neither is an array
    expect(refusal(() => requests.labels('GET', ['/'])).code).toBe('INVALID_LABEL_VALUE')
    // @ts-expect-error neither is a bigint
    expect(refusal(() => requests.labels(5n, '/')).code).toBe('INVALID_LABEL_VALUE')
  })

  test('a wrong, missing or additional label does not compile', () => {
    // @ts-expect-error a label is missing
    expect(refusal(() => requests.inc({ method: 'GET' })).code).toBe('INVALID_LABELS')
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => requests.inc({ method: 'GET', path: '/' })).code).toBe('INVALID_LABELS')
    // @ts-expect-error a label is one too many
    expect(refusal(() => requests.inc({ method: 'GET', endpoint: '/', status: 200 })).code).toBe('INVALID_LABELS')
    // @ts-expect-error all labels are missing
    expect(refusal(() => requests.inc()).code).toBe('INVALID_LABELS')
    // @ts-expect-error an amount is not labels
    expect(refusal(() => requests.inc(5)).code).toBe('INVALID_LABELS')
    // @ts-expect-error a label is missing
    expect(refusal(() => requests.labels({ method: 'GET' })).code).toBe('INVALID_LABELS')
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => requests.remove({ method: 'GET', path: '/' })).code).toBe('INVALID_LABELS')
  })

  test('by position there are as many values as names', () => {
    // @ts-expect-error too few
    expect(refusal(() => requests.labels('GET')).code).toBe('INVALID_LABELS')
    // @ts-expect-error too many
    expect(refusal(() => requests.labels('GET', '/', 200)).code).toBe('INVALID_LABELS')
    // @ts-expect-error none
    expect(refusal(() => requests.labels()).code).toBe('INVALID_LABELS')
    // @ts-expect-error recording verbs take labels by name
    expect(refusal(() => requests.inc('GET', '/')).code).toBe('INVALID_AMOUNT')
  })

  test('in every type of metric', () => {
    const size = gauge({ name: 'size', help: 'Size.', labelNames: ['a'], registry })
    size.set({ a: 'x' }, 5)
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => size.set({ b: 'x' }, 5)).code).toBe('INVALID_LABELS')
    // @ts-expect-error the value is missing
    expect(refusal(() => size.set({ a: 'x' })).code).toBe('INVALID_VALUE')

    const slow = histogram({ name: 'slow', help: 'Slow.', labelNames: ['a'], registry })
    slow.observe({ a: 'x' }, 5)
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => slow.observe({ b: 'x' }, 5)).code).toBe('INVALID_LABELS')
    // @ts-expect-error the value is missing
    expect(refusal(() => slow.observe({ a: 'x' })).code).toBe('INVALID_VALUE')

    const batch = summary({ name: 'batch', help: 'Batch.', labelNames: ['a'], registry })
    batch.observe({ a: 'x' }, 5)
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => batch.observe({ b: 'x' }, 5)).code).toBe('INVALID_LABELS')

    const link = stateSet({ name: 'link', help: 'Link.', labelNames: ['a'], states: ['up', 'down'], registry })
    link.set({ a: 'x' }, 'up')
    // @ts-expect-error a label is called otherwise
    expect(refusal(() => link.set({ b: 'x' }, 'up')).code).toBe('INVALID_LABELS')
  })

  test('of an array that is constant, and of a class as of a function', () => {
    const names = ['a', 'b'] as const
    const x = new Counter({ name: 'x', help: 'X.', labelNames: names })
    x.labels('1', '2').inc()
    const y = new Counter({ name: 'y', help: 'Y.', labelNames: ['a', 'b'] })
    y.labels('1', '2').inc()
    // @ts-expect-error too few
    expect(refusal(() => x.labels('1')).code).toBe('INVALID_LABELS')
    // @ts-expect-error too few
    expect(refusal(() => y.labels('1')).code).toBe('INVALID_LABELS')
  })
})

describe('a metric without labels', () => {
  const jobs = counter({ name: 'jobs', help: 'Jobs.', registry })
  const size = gauge({ name: 'unlabelled_size', help: 'Size.', registry })

  test('takes none', () => {
    jobs.inc()
    jobs.inc(5)
    jobs.labels().inc()
    size.set(5)
    size.inc()
    // @ts-expect-error it has no labels
    expect(refusal(() => jobs.inc({ a: 'x' })).code).toBe('INVALID_AMOUNT')
    // @ts-expect-error it has no labels
    expect(refusal(() => jobs.inc({ a: 'x' }, 5)).code).toBe('INVALID_AMOUNT')
    // @ts-expect-error it has no labels
    expect(refusal(() => jobs.labels('x')).code).toBe('INVALID_LABELS')
    // @ts-expect-error it has no labels
    expect(refusal(() => jobs.labels({ a: 'x' })).code).toBe('INVALID_LABELS')
    // @ts-expect-error it has no labels
    expect(refusal(() => size.set({ a: 'x' }, 5)).code).toBe('INVALID_VALUE')
  })

  test('is checked at run time alone if it was built by its class: `Counter` means any counter', () => {
    const built = new Counter({ name: 'built', help: 'Built.' })
    built.inc()
    expect(refusal(() => built.inc({ a: 'x' })).code).toBe('INVALID_AMOUNT')
  })

  test('takes numbers only', () => {
    // @ts-expect-error a text is no amount
    expect(refusal(() => jobs.inc('5')).code).toBe('INVALID_AMOUNT')
    // @ts-expect-error a bigint is no value
    expect(refusal(() => size.set(5n)).code).toBe('INVALID_VALUE')
    // @ts-expect-error a value is missing
    expect(refusal(() => size.set()).code).toBe('INVALID_VALUE')
  })
})
