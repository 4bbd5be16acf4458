import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { counter, gauge, Registry } from 'narthex'
import { scrapeHandler } from 'narthex/http'
import { warnOnLint } from './lint-warning.ts'
import { lintRegistrations } from './registration-lint.ts'

afterEach(() => vi.unstubAllEnvs())

function watched(): { registry: Registry; warnings: string[] } {
  const registry = new Registry()
  const warnings: string[] = []
  gauge({ name: 'size_kb', help: 'Size.', registry })
  lintRegistrations(registry, (warning) => void warnings.push(warning))
  return { registry, warnings }
}

test('what is registered, and what will be, is warned of at once', () => {
  const { registry, warnings } = watched()
  expect(warnings).toEqual(['narthex: size_kb abbreviates a unit: write out kb, as a base unit (abbreviated-unit)'])
  counter({ name: 'fine', help: 'Fine.', registry })
  gauge({ name: 'age_days', help: 'Age.', registry })
  expect(warnings.slice(1)).toEqual(['narthex: age_days is in days: use the base unit seconds (base-unit)'])
})

test('whatever becomes of a warning, the metric is registered', () => {
  const registry = new Registry()
  lintRegistrations(registry, () => {
    throw new Error('nobody there')
  })
  const size = gauge({ name: 'size_kb', help: 'Size.', registry })
  expect(registry.has(size)).toBe(true)
})

test('a problem is told once, whoever finds it', async () => {
  const { registry, warnings } = watched()
  lintRegistrations(registry, (warning) => void warnings.push(warning))
  await warnOnLint(registry, { onWarning: (warning) => void warnings.push(warning) })
  expect(warnings).toHaveLength(1)
})

test('a custom collector is not asked: it says what it will yield', () => {
  const { registry, warnings } = watched()
  const collect = vi.fn<() => []>(() => [])
  registry.register({
    descriptors: [{ name: 'cache_ms', help: 'Cache.', type: 'gauge', unit: '', labelNames: [] }],
    collect,
  })
  expect(warnings.slice(1)).toEqual([
    'narthex: cache_ms abbreviates a unit: write out ms, as a base unit (abbreviated-unit)',
  ])
  expect(collect).not.toHaveBeenCalled()
})

test('in production there are no warnings', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(watched().warnings).toEqual([])
})

test('whoever serves metrics is warned, unless told otherwise', async () => {
  const warningsWith = async (options: { lint?: boolean }): Promise<string[]> => {
    const registry = new Registry()
    const warnings: string[] = []
    scrapeHandler({ ...options, registry, onWarning: (warning) => void warnings.push(warning) })
    await import('./registration-lint.ts')
    gauge({ name: 'size_kb', help: 'Size.', registry })
    await Promise.resolve()
    return warnings
  }
  await vi.waitFor(async () => expect(await warningsWith({})).toHaveLength(1))
  expect(await warningsWith({ lint: false })).toEqual([])
})

test('what the scrape handler prints of it is one line, and nothing beside it', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const registry = new Registry()
  gauge({ name: 'size_kb', help: 'Size.', registry })
  scrapeHandler({ registry })
  await vi.waitFor(() =>
    expect(warn.mock.calls).toEqual([
      ['narthex: size_kb abbreviates a unit: write out kb, as a base unit (abbreviated-unit)'],
    ]),
  )
})
