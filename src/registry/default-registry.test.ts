import { afterEach, expect, test, vi } from 'vitest'
import * as first from '../index.ts'

afterEach(() => {
  first.defaultRegistry.clear()
  vi.resetModules()
})

test('metrics go to the default registry unless told otherwise', async () => {
  first.counter({ name: 'jobs', help: 'Jobs done.' }).inc()
  first.counter({ name: 'elsewhere', help: 'Not here.', registry: new first.Registry() })
  expect(await first.expose()).toBe('# HELP jobs_total Jobs done.\n# TYPE jobs_total counter\njobs_total 1\n')
})

test('a metric that is only built is in no registry', async () => {
  new first.Counter({ name: 'jobs', help: 'Jobs done.' }).inc()
  expect(await first.expose()).toBe('')
})

test('two copies of narthex in one process share the default registry', async () => {
  const second = await anotherCopy()
  first.counter({ name: 'first', help: 'Of the first copy.' }).inc()
  second.counter({ name: 'second', help: 'Of the second copy.' }).inc()
  const text = `# HELP first_total Of the first copy.
# TYPE first_total counter
first_total 1
# HELP second_total Of the second copy.
# TYPE second_total counter
second_total 1
`
  expect(await first.expose()).toBe(text)
  expect(await second.expose()).toBe(text)
})

test('a metric that both copies declare alike is one metric', async () => {
  const second = await anotherCopy()
  for (const { counter, gauge, histogram, info, stateSet, summary } of [first, second]) {
    counter({ name: 'a', help: 'A.', labelNames: ['x'] }).inc({ x: 1 })
    gauge({ name: 'b', help: 'B.' }).inc()
    histogram({ name: 'c', help: 'C.', buckets: [1] }).observe(1)
    summary({ name: 'd', help: 'D.' }).observe(1)
    info({ name: 'e', help: 'E.' }).set({ version: 1 })
    stateSet({ name: 'f', help: 'F.', states: ['on', 'off'] }).set('off')
  }
  expect(await first.expose()).toBe(`# HELP a_total A.
# TYPE a_total counter
a_total{x="1"} 2
# HELP b B.
# TYPE b gauge
b 2
# HELP c C.
# TYPE c histogram
c_bucket{le="1"} 2
c_bucket{le="+Inf"} 2
c_sum 2
c_count 2
# HELP d D.
# TYPE d summary
d_sum 2
d_count 2
# HELP e_info E.
# TYPE e_info gauge
e_info{version="1"} 1
# HELP f F.
# TYPE f gauge
f{f="on"} 0
f{f="off"} 1
`)
})

test('a callback of the newer copy takes over', async () => {
  const second = await anotherCopy()
  first.gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => 1 })
  second.gauge({ name: 'queue_length', help: 'Waiting jobs.', collect: () => 2 })
  expect(await first.expose()).toContain('\nqueue_length 2\n')
})

test('a conflict between two copies says what differs', async () => {
  const second = await anotherCopy()
  first.gauge({ name: 'x', help: 'One.' })
  expect(() => second.gauge({ name: 'x', help: 'Another.' })).toThrow('help was "One." and now is "Another."')
})

/** narthex as a second install, or a second run of a module, would have it. */
async function anotherCopy(): Promise<typeof first> {
  vi.resetModules()
  const copy = await import('../index.ts')
  expect(copy.Counter).not.toBe(first.Counter)
  return copy
}
