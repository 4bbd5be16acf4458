import { afterEach, describe, expect, test, vi } from 'vitest'
import { Counter } from '../metrics/counter.ts'
import { metricFamily } from '../model/build-family.ts'
import { textOf, writeExposition } from './exposition.ts'

afterEach(() => void vi.restoreAllMocks())

describe('an exposition', () => {
  test('says its type and its length, and is written block by block', async () => {
    const family = metricFamily({
      name: 'x',
      help: 'Ein Maß.',
      type: 'gauge',
      samples: [{ labels: { a: '😱' }, value: 1 }],
    })
    const exposition = await writeExposition([family])
    const text = '# HELP x Ein Maß.\n# TYPE x gauge\nx{a="😱"} 1\n'
    expect(exposition.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(Buffer.concat(exposition.blocks).toString()).toBe(text)
    expect(exposition.byteLength).toBe(Buffer.byteLength(text))
    expect(textOf(exposition)).toBe(text)
  })

  test('of nothing is empty', async () => {
    const exposition = await writeExposition([])
    expect(exposition.byteLength).toBe(0)
    expect(textOf(exposition)).toBe('')
  })

  test('takes the text format unless told otherwise', async () => {
    const { contentType } = await writeExposition([], { format: 'text' })
    expect(contentType).toBe((await writeExposition([])).contentType)
  })

  test('is as long as it says, however many series there are, and blocks end anywhere but in a character', async () => {
    const many = new Counter({ name: 'x', help: 'X.', labelNames: ['a'] })
    for (let i = 0; i < 20_000; i++) many.inc({ a: `😱é${i}` }, i)
    const exposition = await writeExposition(many.collect())
    expect(exposition.blocks.length).toBeGreaterThan(1)
    const bytes = Buffer.concat(exposition.blocks)
    expect(bytes.length).toBe(exposition.byteLength)
    const lines = Array.from({ length: 20_000 }, (_, i) => `x_total{a="😱é${i}"} ${i}\n`)
    expect(bytes.toString() === `# HELP x_total X.\n# TYPE x_total counter\n${lines.join('')}`).toBe(true)
    expect(textOf(exposition) === bytes.toString()).toBe(true)
  })
})

describe('writing', () => {
  test('lets the event loop go on between blocks, and still shows one instant', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 20_000; i++) counter.inc({ i })
    // Every block takes too long.
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 3))

    const families = counter.collect()
    let turns = 0
    const recording = setInterval(() => {
      turns++
      for (let i = 0; i < 20_000; i += 7) counter.inc({ i })
      counter.remove(turns)
    })
    const exposition = await writeExposition(families)
    clearInterval(recording)

    expect(turns).toBeGreaterThan(0)
    const values = textOf(exposition).trimEnd().split('\n').slice(2)
    expect(values).toHaveLength(20_000)
    expect(values.filter((line) => !line.endsWith(' 1'))).toEqual([])
  })

  test('of a few families does not wait for the event loop', async () => {
    const family = metricFamily({ name: 'x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 1 }] })
    // However slow the machine is: no time passes.
    vi.useFakeTimers({ toFake: ['performance'] })
    let turned = false
    const timer = setImmediate(() => (turned = true))
    await writeExposition([family, { ...family, name: 'y' }])
    clearImmediate(timer)
    vi.useRealTimers()
    expect(turned).toBe(false)
  })

  test('of one family twice, or of two at a time, gives the same bytes', async () => {
    const counter = new Counter({ name: 'x', help: 'X.', labelNames: ['i'] })
    for (let i = 0; i < 5000; i++) counter.inc({ i }, i)
    const families = counter.collect()
    const [first, second] = await Promise.all([writeExposition(families), writeExposition(families)])
    const third = await writeExposition(families)
    expect(textOf(second) === textOf(first)).toBe(true)
    expect(textOf(third) === textOf(first)).toBe(true)
  })
})
