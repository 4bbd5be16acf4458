import { afterEach, describe, expect, test, vi } from 'vitest'
import { expose } from '../expose.ts'
import { textOf, writeExposition } from '../exposition/exposition.ts'
import { gauge } from '../metrics/gauge.ts'
import { metricFamily } from '../model/build-family.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { Collector } from './collector.ts'
import { Registry } from './registry.ts'

/** What stands in every exposition besides what the broken collectors leave out. */
const REST = '# HELP healthy Well.\n# TYPE healthy gauge\nhealthy 1\n'

function failures(counts: Record<string, number>): string {
  const samples = Object.entries(counts).map(
    ([name, n]) => `narthex_collector_failures_total{collector="${name}"} ${n}\n`,
  )
  return `# HELP narthex_collector_failures_total Scrapes without a collector that threw, hung or clashed with another.
# TYPE narthex_collector_failures_total counter
${samples.join('')}`
}

describe('a collector is left out, counted and reported, and the rest is served, when it', () => {
  const broken = new Error('broken')
  const never = new Promise<never>(() => {})

  test.each<[string, Collector]>([
    ['throws', { collect: () => thrown(broken) }],
    ['rejects', { collect: () => Promise.reject(broken) }],
    ['throws while it gets ready', { refresh: () => thrown(broken), collect: () => [] }],
    ['rejects while it gets ready', { refresh: () => Promise.reject(broken), collect: () => [] }],
    ['throws what is no error', { collect: () => thrown(undefined) }],
    ['yields nothing at all', { collect: () => undefined as unknown as MetricFamily[] }],
    ['yields what is no family', { collect: () => [null] as unknown as MetricFamily[] }],
    ['hangs', { collect: () => never }],
    ['hangs while it gets ready', { refresh: () => never, collect: () => [] }],
    ['yields a family twice', { collect: () => [family('twice'), family('twice')] }],
    ['yields a family that is there already', { collect: () => [family('healthy')] }],
    ['yields a name that clashes', { collect: () => [{ ...family('healthy_total'), type: 'counter' }] }],
    ['has a label value that is no text', { collect: () => [family('x', { a: 1 as unknown as string })] }],
    ['has a label value that is undefined', { collect: () => [family('x', { a: undefined as unknown as string })] }],
    ['has a name that is none', { collect: () => [family('')] }],
  ])('%s', async (_, collector) => {
    const onWarning = vi.fn<(message: string, cause?: unknown) => void>()
    const registry = new Registry({ onWarning })
    registry.register(collector)
    registry.register({ collect: async () => [family('healthy')], descriptors: [family('healthy')] })

    expect(await scrape(registry)).toBe(REST + failures({ Object: 1 }))
    expect(await scrape(registry)).toBe(REST + failures({ Object: 2 }))
    expect(onWarning).toHaveBeenCalledExactlyOnceWith(
      'narthex: collector Object failed and is left out of scrapes: this is reported once',
      expect.toSatisfy(() => true),
    )
  })

  test('is a metric whose callback throws, or answers what it may not', async () => {
    const registry = new Registry({ onWarning: () => {} })
    gauge({ name: 'throwing', help: 'Throws.', collect: () => thrown(broken), registry })
    gauge({ name: 'wrong', help: 'No number.', collect: () => '5' as unknown as number, registry })
    gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
    expect(await scrape(registry)).toBe(REST + failures({ throwing: 1, wrong: 1 }))
  })

  test('yields what another has yielded before it, none of the two having said so', async () => {
    const registry = new Registry({ onWarning: () => {} })
    registry.register({ collect: () => [family('healthy')] })
    registry.register({ collect: () => [family('healthy')] })
    expect(await scrape(registry)).toBe(REST + failures({ Object: 1 }))
  })

  test('yields a name that is registered, even before its owner is asked', async () => {
    const registry = new Registry({ onWarning: () => {} })
    registry.register({ collect: () => [family('healthy')] })
    gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
    expect(await scrape(registry)).toBe(REST + failures({ Object: 1 }))
  })

  test('has no prototype', async () => {
    const registry = new Registry({ onWarning: () => {} })
    const bare = Object.assign(Object.create(null) as object, { collect: () => thrown(broken) })
    registry.register(bare)
    gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
    expect(await scrape(registry)).toContain(REST)
  })
})

test('a registry whose warning throws serves its scrapes all the same, and warns on the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  try {
    const registry = new Registry({ onWarning: () => thrown(new Error('no log')) })
    registry.register({ collect: () => thrown(new Error('broken')) })
    gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
    expect(await scrape(registry)).toBe(REST + failures({ Object: 1 }))
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('collector Object failed'),
      new Error('no log'),
    )
  } finally {
    warn.mockRestore()
  }
})

test('a failure is told on the console by default, with its cause', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  try {
    const cause = new Error('broken')
    const registry = new Registry()
    registry.register({ collect: () => thrown(cause) })
    await registry.gather()
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('collector Object failed'), cause)
  } finally {
    warn.mockRestore()
  }
})

test('while nothing failed, the registry says nothing of itself', async () => {
  const registry = new Registry()
  gauge({ name: 'healthy', help: 'Well.', registry }).set(1)
  expect(await scrape(registry)).toBe(REST)
})

test('a collector that works again is served again', async () => {
  const registry = new Registry({ onWarning: () => {} })
  let works = false
  registry.register({ collect: () => (works ? [family('healthy')] : thrown(new Error('broken'))) })
  expect(await scrape(registry)).toBe(failures({ Object: 1 }))
  works = true
  expect(await scrape(registry)).toBe(REST + failures({ Object: 1 }))
})

describe('a hanging collector', () => {
  afterEach(() => void vi.useRealTimers())

  test('has four seconds by default', async () => {
    vi.useFakeTimers()
    const registry = new Registry({ onWarning: () => {} })
    registry.register({ collect: () => new Promise(() => {}) })
    const settled = vi.fn<() => void>()
    void registry.gather().then(settled)
    await vi.advanceTimersByTimeAsync(3999)
    expect(settled).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(settled).toHaveBeenCalledOnce()
  })

  test('is told by the signal when its time is over', async () => {
    vi.useFakeTimers()
    const registry = new Registry({ onWarning: () => {} })
    let signal: AbortSignal | undefined
    registry.register({
      refresh: (given) => {
        signal = given
        return new Promise(() => {})
      },
      collect: () => [],
    })
    const gathered = registry.gather({ timeoutMs: 100 })
    expect(signal!.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(100)
    await gathered
    expect(signal!.aborted).toBe(true)
  })

  test('is not asked again before it has answered', async () => {
    const registry = new Registry({ onWarning: () => {} })
    let answer: (families: MetricFamily[]) => void = () => {}
    const collect = vi.fn<() => Promise<MetricFamily[]>>(async () => [family('healthy')])
    collect.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
    registry.register({ collect })

    for (let scrapes = 1; scrapes <= 3; scrapes++) {
      expect(await scrape(registry)).toBe(failures({ Object: scrapes }))
    }
    expect(collect).toHaveBeenCalledOnce()

    answer([])
    await new Promise((resolve) => setTimeout(resolve))
    expect(await scrape(registry)).toBe(REST + failures({ Object: 3 }))
    expect(collect).toHaveBeenCalledTimes(2)
  })

  test('does not make a scrape wait that comes after it', async () => {
    vi.useFakeTimers()
    const registry = new Registry({ onWarning: () => {} })
    registry.register({ collect: () => new Promise(() => {}) })
    const first = registry.gather({ timeoutMs: 100 })
    await vi.advanceTimersByTimeAsync(100)
    await first
    // No time passes: it would not return if it waited.
    expect((await registry.gather({ timeoutMs: 100 })).map(({ name }) => name)).toEqual([
      'narthex_collector_failures_total',
    ])
  })

  test('is waited for by a scrape with more time than the one that asked it, and asked then', async () => {
    vi.useFakeTimers()
    const registry = new Registry({ onWarning: () => {} })
    const collect = vi.fn<() => Promise<MetricFamily[]>>(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return [family('healthy')]
    })
    registry.register({ collect })
    const hurried = registry.gather({ timeoutMs: 100 })
    await vi.advanceTimersByTimeAsync(100)
    expect((await hurried).map(({ name }) => name)).toEqual(['narthex_collector_failures_total'])
    const patient = registry.gather({ timeoutMs: 4000 })
    await vi.advanceTimersByTimeAsync(199)
    expect(collect).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(301)
    expect(collect).toHaveBeenCalledTimes(2)
    expect((await patient).map(({ name }) => name)).toEqual(['healthy', 'narthex_collector_failures_total'])
  })

  test('that never answers takes the time of a scrape once, whoever asked first', async () => {
    vi.useFakeTimers()
    const registry = new Registry({ onWarning: () => {} })
    const collect = vi.fn<() => Promise<never>>(() => new Promise(() => {}))
    registry.register({ collect })
    for (const timeoutMs of [100, 1000]) {
      const gathered = registry.gather({ timeoutMs })
      await vi.advanceTimersByTimeAsync(timeoutMs)
      await gathered
    }
    // No time passes: it would not return if it waited.
    await registry.gather({ timeoutMs: 1000 })
    expect(collect).toHaveBeenCalledOnce()
  })

  test('takes none of the time of the others', async () => {
    const registry = new Registry({ onWarning: () => {} })
    gauge({ name: 'hanging', help: 'Hangs.', collect: () => new Promise<number>(() => {}), registry })
    registry.register({ collect: async () => [family('healthy')] })
    expect(await scrape(registry)).toBe(REST + failures({ hanging: 1 }))
  })

  test('that rejects later breaks nothing', async () => {
    const unhandled = vi.fn<() => void>()
    process.on('unhandledRejection', unhandled)
    try {
      const registry = new Registry({ onWarning: () => {} })
      const rejects: ((reason: Error) => void)[] = []
      const hang = (): Promise<never> => new Promise((_, reject) => void rejects.push(reject))
      registry.register({ collect: hang })
      registry.register({ refresh: hang, collect: () => [] })
      gauge({ name: 'hanging', help: 'Hangs.', collect: hang, registry })
      await scrape(registry)
      for (const reject of rejects) reject(new Error('too late'))
      await new Promise((resolve) => setTimeout(resolve))
      expect(rejects).toHaveLength(3)
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })
})

test('two scrapes at a time do not disturb each other', async () => {
  const registry = new Registry({ onWarning: () => {} })
  let asked = 0
  registry.register({ collect: () => (asked++ === 0 ? Promise.reject(new Error('once')) : Promise.resolve([])) })
  gauge({ name: 'healthy', help: 'Well.', collect: async () => 1, registry })
  const [first, second] = await Promise.all([expose(registry), expose(registry)])
  expect(first).toBe(REST + failures({ Object: 1 }))
  expect(second).toContain(REST)
})

function thrown(error: unknown): never {
  throw error
}

function family(name: string, labels: Record<string, string> = {}): MetricFamily {
  return metricFamily({ name, help: 'Well.', type: 'gauge', samples: [{ labels, value: 1 }] })
}

/** A scrape that waits but a moment for those who hang. */
async function scrape(registry: Registry): Promise<string> {
  return textOf(await writeExposition(await registry.gather({ timeoutMs: 20 })))
}
