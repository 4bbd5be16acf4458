import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { scrapeAll } from '../../test/process/scrape.ts'
import { expose } from '../expose.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import { Registry } from '../registry/registry.ts'
import { lint } from '../testing/lint.ts'
import { registerProcessMetrics, type ProcessTopic } from './index.ts'
import { hasProc } from './proc-file.ts'

let registry: Registry

beforeEach(() => {
  registry = new Registry()
})

afterEach(() => {
  registerProcessMetrics({ registry }).stop()
})

/** Of the guide to writing client libraries, word for word. */
const STANDARD = {
  process_cpu_seconds_total: 'Total user and system CPU time spent in seconds.',
  process_open_fds: 'Number of open file descriptors.',
  process_max_fds: 'Maximum number of open file descriptors.',
  process_virtual_memory_max_bytes: 'Maximum amount of virtual memory available in bytes.',
  process_virtual_memory_bytes: 'Virtual memory size in bytes.',
  process_resident_memory_bytes: 'Resident memory size in bytes.',
  process_heap_bytes: 'Process heap size in bytes.',
  process_start_time_seconds: 'Start time of the process since unix epoch in seconds.',
  process_threads: 'Number of OS threads in the process.',
}

const RUNTIME = [
  'nodejs_eventloop_active_seconds_total',
  'nodejs_eventloop_idle_seconds_total',
  'nodejs_eventloop_delay_seconds',
  'nodejs_gc_duration_seconds',
  'nodejs_heap_total_bytes',
  'nodejs_heap_used_bytes',
  'nodejs_heap_limit_bytes',
  'nodejs_heap_space_total_bytes',
  'nodejs_heap_space_used_bytes',
  'nodejs_heap_space_available_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_array_buffers_bytes',
  'nodejs_active_resources',
  'nodejs_version_info',
]

describe('the process metrics', () => {
  // Other systems do not tell all of it.
  test.runIf(hasProc)('are the nine of every client library, and those of the runtime', async () => {
    registerProcessMetrics({ registry })
    const names = (await registry.gather()).map((family) => family.name)
    expect(names).toEqual([...Object.keys(STANDARD), ...RUNTIME])
  })

  // Other systems do not tell all of it.
  test.runIf(hasProc)('have the help strings of every client library', async () => {
    registerProcessMetrics({ registry })
    const helps = (await registry.gather()).map(({ name, help }) => [name, help])
    expect(Object.fromEntries(helps)).toMatchObject(STANDARD)
  })

  test('have names that say type and unit, as the linter of Prometheus asks', async () => {
    registerProcessMetrics({ registry })
    expect(await lint(registry)).toEqual([])
  })

  test('are declared before the first scrape, so that a clash is found at registration', async () => {
    registerProcessMetrics({ registry })
    for (const { name, type } of await registry.gather()) {
      const sameName = { name, type, help: 'Mine.', unit: '', labelNames: [] }
      expect(() => registry.register({ descriptors: [sameName], collect: () => [] })).toThrow(name)
    }
  })

  test('are exposed in the registry of the process unless another is given', async () => {
    const running = registerProcessMetrics()
    expect(await expose()).toMatch(/^process_cpu_seconds_total \d/m)
    running.stop()
    expect(await expose()).toBe('')
    expect(await defaultRegistry.gather()).toEqual([])
  })

  test('never show NaN', async () => {
    registerProcessMetrics({ registry })
    expect(await expose(registry)).not.toContain('NaN')
  })
})

describe('registering the process metrics', () => {
  test('again returns those that run', async () => {
    const running = registerProcessMetrics({ registry })
    expect(registerProcessMetrics({ registry, prefix: 'other_' })).toBe(running)
    expect(Object.keys(await scrapeAll(registry))).toContain('process_cpu_seconds_total')
  })

  test('puts the prefix before every name', async () => {
    registerProcessMetrics({ registry, prefix: 'app_' })
    const names = (await registry.gather()).map((family) => family.name)
    expect(names).toContain('app_process_cpu_seconds_total')
    expect(names).toContain('app_nodejs_eventloop_delay_seconds')
    expect(names.filter((name) => !name.startsWith('app_'))).toEqual([])
  })

  test('leaves out the topics that are not wanted', async () => {
    registerProcessMetrics({ registry, except: ['heap-spaces', 'cpu-time'] })
    const names = (await registry.gather()).map((family) => family.name)
    expect(names).toContain('process_start_time_seconds')
    expect(names).not.toContain('process_cpu_seconds_total')
    expect(names.join()).not.toContain('space')
  })

  test('with a prefix that cannot begin a name registers nothing', async () => {
    const register = (): unknown => registerProcessMetrics({ registry, prefix: 'my-app_' })
    expect(register).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(register).toThrow('"my-app_"')
    expect(await registry.gather()).toEqual([])
  })

  test('with an unknown topic names those that there are', () => {
    const register = (): unknown => registerProcessMetrics({ registry, except: ['gc' as ProcessTopic] })
    expect(register).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(register).toThrow(/"gc".*garbage-collection/)
  })

  test('can be undone and done again', async () => {
    registerProcessMetrics({ registry }).stop()
    expect(await registry.gather()).toEqual([])
    registerProcessMetrics({ registry })
    expect(Object.keys(await scrapeAll(registry))).toContain('process_cpu_seconds_total')
  })
})

describe('in a process of its own', () => {
  const compiled = mkdtempSync(join(tmpdir(), 'narthex-process-'))

  beforeAll(() => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--noCheck', '--declaration', 'false', '--isolatedDeclarations', 'false', '--outDir', compiled]
    execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...options])
    writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }')
  }, 60_000)

  afterAll(() => rmSync(compiled, { recursive: true }))

  test('nothing keeps the process alive', () => {
    expect(namesShownBy(`registerProcessMetrics()`)).toContain('nodejs_gc_duration_seconds')
  })

  test('importing starts no timer and registers nothing', () => {
    const watch = `
      import { createHook } from 'node:async_hooks'
      let timers = 0
      createHook({ init: (id, type) => void (timers += type === 'Timeout' ? 1 : 0) }).enable()`
    const report = `console.error(timers)`
    expect(run(report, watch)).toEqual({ stdout: '', stderr: '0' })
    expect(run(`registerProcessMetrics();${report}`, watch)).toMatchObject({ stderr: '1' })
  })

  test('what the platform does not offer is left out, and the rest is there', () => {
    const names = namesShownBy(
      `registerProcessMetrics()`,
      `import v8 from 'node:v8'
      import { syncBuiltinESMExports } from 'node:module'
      delete process.getActiveResourcesInfo
      v8.getHeapSpaceStatistics = () => { throw new Error('not implemented') }
      performance.eventLoopUtilization = () => ({ active: 0, idle: 0, utilization: 0 })
      Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { value: ['mark', 'measure'] })
      syncBuiltinESMExports()`,
    )
    const lacking = /space|eventloop_active|eventloop_idle|resources|gc/
    expect(names.filter((name) => name.startsWith('nodejs_'))).toEqual(RUNTIME.filter((name) => !lacking.test(name)))
  })

  test('a platform without /proc has CPU time, resident memory and start', () => {
    const names = namesShownBy(
      `registerProcessMetrics()`,
      `Object.defineProperty(process, 'platform', { value: 'darwin' })`,
    )
    expect(names.filter((name) => name.startsWith('process_'))).toEqual([
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ])
  })

  /** The names of the families that are exposed after a program, whose process must end by itself and say nothing. */
  function namesShownBy(program: string, before?: string): string[] {
    const { stdout, stderr } = run(program, before)
    expect(stderr).toBe('')
    return stdout.split(' ')
  }

  /** @param before what is done before anything of narthex is loaded */
  function run(program: string, before: string = ''): { stdout: string; stderr: string } {
    const code = `
      ${before}
      const { registerProcessMetrics } = await import('./process/index.js')
      ${program}
      const { defaultRegistry } = await import('./registry/default-registry.js')
      console.log((await defaultRegistry.gather()).map((family) => family.name).join(' '))`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: compiled,
      encoding: 'utf8',
      timeout: 10_000,
    })
    if (status !== 0) throw new Error(`The process did not end well: ${status ?? 'it had to be ended'}. ${stderr}`)
    return { stdout: stdout.trim(), stderr: stderr.trim() }
  }
})
