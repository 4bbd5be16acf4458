import { beforeEach, expect, test } from 'vitest'
import { scrapeAll } from '../../test/process/scrape.ts'
import { Gauge } from '../metrics/gauge.ts'
import { Registry } from '../registry/registry.ts'
import type { ProcessCollector } from './process-collector.ts'
import { runOnce } from './running-collectors.ts'

let registry: Registry
/** The collectors that run, by name. */
let running: string[]

beforeEach(() => {
  registry = new Registry()
  running = []
})

test('collectors are started and registered', async () => {
  runOnce(registry, () => [start('a', 1), start('b', 2)])
  expect(running).toEqual(['a', 'b'])
  expect(await scrapeAll(registry)).toEqual({ a: 1, b: 2 })
})

test('asked again for the same registry, those that run are returned and none is started', () => {
  const first = runOnce(registry, () => [start('a')])
  expect(runOnce(registry, () => [start('other')])).toBe(first)
  expect(running).toEqual(['a'])
})

test('another registry has its own', () => {
  const first = runOnce(registry, () => [start('a')])
  const second = runOnce(new Registry(), () => [start('b')])
  expect(second).not.toBe(first)
  first.stop()
  expect(running).toEqual(['b'])
})

test('stopped, they are unregistered and run no longer', async () => {
  runOnce(registry, () => [start('a'), start('b')]).stop()
  expect(running).toEqual([])
  expect(await scrapeAll(registry)).toEqual({})
})

test('stopped, they can be started again', async () => {
  runOnce(registry, () => [start('a', 1)]).stop()
  runOnce(registry, () => [start('a', 2)])
  expect(await scrapeAll(registry)).toEqual({ a: 2 })
})

test('stopped twice, they leave alone what was started since', () => {
  const first = runOnce(registry, () => [start('a')])
  first.stop()
  const second = runOnce(registry, () => [start('a')])
  first.stop()
  expect(runOnce(registry, () => [start('a')])).toBe(second)
})

test('a registry that is cleared stops them, and asking again starts others', async () => {
  runOnce(registry, () => [start('a', 1)])
  registry.clear()
  expect(running).toEqual([])
  expect(await scrapeAll(registry)).toEqual({})
  runOnce(registry, () => [start('a', 2)])
  expect(await scrapeAll(registry)).toEqual({ a: 2 })
})

test('a name that is taken throws, and leaves nothing registered or running', async () => {
  registry.register(new Gauge({ name: 'b', help: 'Of the service.' })).set(7)
  expect(() => runOnce(registry, () => [start('a'), start('b')])).toThrow(
    expect.objectContaining({ code: 'NAME_CLASH' }),
  )
  expect(running).toEqual([])
  expect(await scrapeAll(registry)).toEqual({ b: 7 })

  runOnce(registry, () => [start('a', 1)])
  expect(await scrapeAll(registry)).toEqual({ a: 1, b: 7 })
})

function start(name: string, value: number = 0): ProcessCollector {
  running.push(name)
  const gauge = new Gauge({ name, help: `${name}.` })
  gauge.set(value)
  return {
    descriptors: gauge.descriptors,
    collect: () => gauge.collect(),
    stop: () => (running = running.filter((other) => other !== name)),
  }
}
