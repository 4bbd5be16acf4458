import { describe, expect, test } from 'vitest'
import { refusal } from '../../test/refusal.ts'
import { expose } from '../expose.ts'
import type { LabelValue } from '../model/label-set.ts'
import { Registry } from '../registry/registry.ts'
import { Info, info } from './info.ts'

describe('an info', () => {
  test('tells texts as the labels of a 1', async () => {
    const registry = new Registry()
    info({ name: 'app_version', help: 'Application Version', registry }).set({ version: '1', config: 'develop' })
    expect(await expose(registry)).toBe(`# HELP app_version_info Application Version
# TYPE app_version_info gauge
app_version_info{version="1",config="develop"} 1
`)
  })

  test('has _info in its name on the wire, once, whether it is declared with it or not', () => {
    expect(new Info({ name: 'app', help: 'App.' }).descriptor.name).toBe('app_info')
    expect(new Info({ name: 'app_info', help: 'App.' }).descriptor.name).toBe('app_info')
  })

  test('tells nothing before it is set, and after it is cleared', async () => {
    const registry = new Registry()
    const app = info({ name: 'app', help: 'App.', registry })
    const empty = '# HELP app_info App.\n# TYPE app_info gauge\n'
    expect(await expose(registry)).toBe(empty)
    app.set({ version: 1 })
    app.clear()
    expect(await expose(registry)).toBe(empty)
  })

  test('tells what it was set to last, and nothing of what came before', async () => {
    const registry = new Registry()
    const app = info({ name: 'app', help: 'App.', registry })
    app.set({ version: 1, config: 'develop' })
    app.set({ version: 2.5, debug: true, note: '' })
    expect(await expose(registry)).toContain('TYPE app_info gauge\napp_info{version="2.5",debug="true",note=""} 1\n')
    app.set({})
    expect(await expose(registry)).toContain('TYPE app_info gauge\napp_info 1\n')
  })

  test('takes no notice of what becomes of the object that it was given', async () => {
    const registry = new Registry()
    const labels: Record<string, LabelValue> = { version: '1' }
    info({ name: 'app', help: 'App.', registry }).set(labels)
    labels['version'] = '2'
    labels['more'] = 'x'
    expect(await expose(registry)).toContain('app_info{version="1"} 1\n')
  })
})

describe('an info refuses, and goes on telling what it told,', () => {
  test.each<[string, unknown, string]>([
    ['a name that is none', { 'a-b': '1' }, 'INVALID_LABEL_NAME'],
    ['a reserved name', { __name__: '1' }, 'RESERVED_LABEL_NAME'],
    ['the name of the prototype', JSON.parse('{"__proto__":"1"}'), 'RESERVED_LABEL_NAME'],
    ['a value that is null', { a: null }, 'INVALID_LABEL_VALUE'],
    ['a value that is undefined', { a: undefined }, 'INVALID_LABEL_VALUE'],
    ['a value that is an object', { a: { b: 1 } }, 'INVALID_LABEL_VALUE'],
    ['a value that is an array', { a: ['1'] }, 'INVALID_LABEL_VALUE'],
    ['a bigint', { a: 5n }, 'INVALID_LABEL_VALUE'],
    ['null instead of labels', null, 'INVALID_LABELS'],
    ['nothing instead of labels', undefined, 'INVALID_LABELS'],
    ['a text instead of labels', 'version', 'INVALID_LABELS'],
    ['an array instead of labels', ['version'], 'INVALID_LABELS'],
  ])('%s', async (_, labels, code) => {
    const registry = new Registry()
    const app = info({ name: 'app', help: 'App.', registry })
    app.set({ version: '1' })
    const error = refusal(() => app.set(labels as Record<string, LabelValue>))
    expect(error.code).toBe(code)
    expect(error.message).toContain('app_info')
    expect(await expose(registry)).toContain('app_info{version="1"} 1\n')
  })
})

test('two declarations of an info are the same when name and help are', () => {
  const registry = new Registry()
  const app = info({ name: 'app', help: 'App.', registry })
  expect(info({ name: 'app_info', help: 'App.', registry })).toBe(app)
  expect(refusal(() => info({ name: 'app', help: 'Other.', registry })).code).toBe('DIFFERENT_DECLARATION')
})
