import { afterEach, expect, test, vi } from 'vitest'
import { counter, gauge, Registry } from 'narthex'
import { warnOnLint } from './lint-warning.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('each problem is told once, and a new one when it comes', async () => {
  const registry = new Registry()
  const warnings: string[] = []
  const onWarning = (message: string): void => void warnings.push(message)
  gauge({ name: 'size_kb', help: 'Size.', registry })
  counter({ name: 'fine', help: 'Fine.', registry })
  await warnOnLint(registry, { onWarning })
  await warnOnLint(registry, { onWarning })
  expect(warnings).toEqual(['narthex: size_kb abbreviates a unit: write out kb, as a base unit (abbreviated-unit)'])

  gauge({ name: 'age_days', help: 'Age.', registry })
  await warnOnLint(registry, { onWarning })
  expect(warnings.slice(1)).toEqual(['narthex: age_days is in days: use the base unit seconds (base-unit)'])
})

test('two calls at once tell a problem once', async () => {
  const registry = new Registry()
  gauge({ name: 'size_kb', help: 'Size.', registry })
  const onWarning = vi.fn<(message: string) => void>()
  await Promise.all([warnOnLint(registry, { onWarning }), warnOnLint(registry, { onWarning })])
  expect(onWarning).toHaveBeenCalledTimes(1)
})

test('what one registry was told of, another is still told of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  for (const registry of [new Registry(), new Registry()]) {
    gauge({ name: 'age_days', help: 'Age.', registry })
    await warnOnLint(registry)
  }
  const line = 'narthex: age_days is in days: use the base unit seconds (base-unit)'
  expect(warn.mock.calls).toEqual([[line], [line]])
})

test('in production nothing is asked and nothing told', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const registry = new Registry()
  const collect = vi.fn<() => number>(() => 1)
  gauge({ name: 'age_days', help: 'Age.', registry, collect })
  const onWarning = vi.fn<(message: string) => void>()
  await warnOnLint(registry, { onWarning })
  expect(onWarning).not.toHaveBeenCalled()
  expect(collect).not.toHaveBeenCalled()
})
