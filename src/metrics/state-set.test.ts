import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import { samplesOf } from '../model/metric-family.ts'
import { Registry } from '../registry/registry.ts'
import { StateSet, stateSet } from './state-set.ts'

const PHASE = {
  name: 'app_phase',
  help: 'What the service is doing.',
  states: ['starting', 'running', 'stopping'],
} as const

describe('a state set', () => {
  test('is in its first state until another is set (O13)', async () => {
    const registry = new Registry()
    const phase = stateSet({ ...PHASE, registry })
    expect(await expose(registry)).toBe(`# HELP app_phase What the service is doing.
# TYPE app_phase gauge
app_phase{app_phase="starting"} 1
app_phase{app_phase="running"} 0
app_phase{app_phase="stopping"} 0
`)
    phase.set('running')
    phase.labels().set('stopping')
    expect(await expose(registry)).toBe(`# HELP app_phase What the service is doing.
# TYPE app_phase gauge
app_phase{app_phase="starting"} 0
app_phase{app_phase="running"} 0
app_phase{app_phase="stopping"} 1
`)
  })

  test('has a state per series, by name and by position', async () => {
    const registry = new Registry()
    const link = stateSet({ name: 'link', help: 'Links.', labelNames: ['port'], states: ['up', 'down'], registry })
    link.set({ port: 1 }, 'down')
    link.labels(2).set('down')
    link.labels(2).set('up')
    expect(await expose(registry)).toBe(`# HELP link Links.
# TYPE link gauge
link{port="1",link="up"} 0
link{port="1",link="down"} 1
link{port="2",link="up"} 1
link{port="2",link="down"} 0
`)
  })

  test('may have any texts as states', async () => {
    const registry = new Registry()
    const states = ['"on"', 'back\\slash', 'two\nlines', '__proto__', 'toString'] as const
    stateSet({ name: 'x', help: 'X.', states, registry }).set('__proto__')
    expect(await expose(registry)).toBe(String.raw`# HELP x X.
# TYPE x gauge
x{x="\"on\""} 0
x{x="back\\slash"} 0
x{x="two\nlines"} 0
x{x="__proto__"} 1
x{x="toString"} 0
`)
  })

  test('shows a later scrape nothing of a removed series', () => {
    const link = new StateSet({ name: 'link', help: 'Links.', labelNames: ['port'], states: ['up', 'down'] })
    link.set({ port: 1 }, 'down')
    link.set({ port: 2 }, 'down')
    link.remove({ port: 1 })
    link.labels(3)
    const shown = new Map([...samplesOf(link.collect()[0]!)].map(({ labels, value }) => [labels['port'], value]))
    expect(shown).toEqual(
      new Map([
        ['2', { up: false, down: true }],
        ['3', { up: true, down: false }],
      ]),
    )
  })

  test('takes no notice of what becomes of the array of states that it was given', async () => {
    const registry = new Registry()
    const states: [string, ...string[]] = ['a', 'b']
    stateSet({ name: 'x', help: 'X.', states, registry })
    states[0] = 'c'
    expect(await expose(registry)).toContain('x{x="a"} 1\nx{x="b"} 0\n')
  })
})

describe('a state set refuses', () => {
  test.each([['flying'], [''], ['Running'], [undefined], [null], [1], ['constructor']])(
    'the state %s, and stays as it is',
    async (state) => {
      const registry = new Registry()
      const phase = stateSet({ ...PHASE, registry })
      const labelled = stateSet({ ...PHASE, name: 'labelled', labelNames: ['a'], registry })
      const unknown = state as 'running'
      for (const attempt of [
        () => phase.set(unknown),
        () => phase.labels().set(unknown),
        () => labelled.set({ a: 1 }, unknown),
      ]) {
        const error = refusal(attempt)
        expect(error.code).toBe('INVALID_VALUE')
        expect(error.message).toMatch(
          /^(app_phase|labelled) has no state .*: its states are starting, running, stopping\.$/,
        )
      }
      expect(await expose(registry)).toBe(`# HELP app_phase What the service is doing.
# TYPE app_phase gauge
app_phase{app_phase="starting"} 1
app_phase{app_phase="running"} 0
app_phase{app_phase="stopping"} 0
# HELP labelled What the service is doing.
# TYPE labelled gauge
`)
    },
  )

  test.each<[string, unknown]>([
    ['none', []],
    ['missing', undefined],
    ['no array', 'on'],
    ['an empty one', ['on', '']],
    ['one twice', ['on', 'on']],
    ['a number', ['on', 1]],
    ['two that are written alike', ['\uD800', '\uDC00']],
  ])('states at declaration: %s', (_, states) => {
    const registry = new Registry()
    const error = refusal(() => stateSet({ name: 'x', help: 'X.', states: states as ['on'], registry }))
    expect(error.code).toBe('INVALID_STATES')
    expect(error.message).toContain('the state set x')
  })

  test('a label of its own name, which is the one that tells the state', () => {
    expect(refusal(() => new StateSet({ ...PHASE, labelNames: ['app_phase'] })).code).toBe('RESERVED_LABEL_NAME')
  })

  test.each(['a:b', ':', '__x'])('the name %s, which no label may have', (name) => {
    expect(refusal(() => new StateSet({ ...PHASE, name })).code).toBe('INVALID_METRIC_NAME')
  })
})
