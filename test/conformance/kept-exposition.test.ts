import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { counter, histogram, Registry, summary } from 'narthex'
import {
  bytesOf,
  parseOpenMetrics,
  parseProtobuf,
  parseText,
  WrittenBlocks,
  writeExposition,
  type FormatName,
} from 'narthex/exposition'
import { anyStep as anyMetricStep, MeteredMap } from './metric-steps.ts'

const FORMATS: readonly FormatName[] = ['text', 'openmetrics', 'protobuf', 'openmetrics-2']

afterEach(() => void vi.useRealTimers())

test.each(FORMATS)(
  'after any mix of recording, keeping, removing, clearing and new series, %s is what would be written afresh',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMetricStep, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const metrics = new MeteredMap()
        const before = new WrittenBlocks()
        for (const step of [...steps, { do: 'scrape' } as const]) {
          metrics.take(step)
          if (step.do !== 'scrape') continue
          const families = await metrics.registry.gather()
          const fresh = bytesOf(await writeExposition(families, { format }))
          expect(Buffer.compare(bytesOf(await writeExposition(families, { format, before })), fresh)).toBe(0)
        }
      }),
      { numRuns: 15 },
    )
  },
)

test('whatever happens between scrapes, what is taken from the last is what would be written afresh, in every format', async () => {
  vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] })
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 30 }), async (steps) => {
      const metrics = aRegistry()
      const kept = new Map(FORMATS.map((format) => [format, new WrittenBlocks()]))
      for (const step of steps) {
        take(step, metrics)
        const families = await metrics.registry.gather()
        for (const format of FORMATS) {
          const options = { format, startTimestamps: true }
          const fresh = bytesOf(await writeExposition(families, options))
          const again = bytesOf(await writeExposition(families, { ...options, before: kept.get(format)! }))
          expect(Buffer.compare(again, fresh)).toBe(0)
          if (format === 'text') parseText(fresh)
          if (format === 'openmetrics') parseOpenMetrics(fresh)
          if (format === 'protobuf') parseProtobuf(fresh)
        }
      }
    }),
    { numRuns: 20 },
  )
})

type Step = readonly [kind: (typeof KINDS)[number], i: number, value: number]

const KINDS = ['inc', 'observe', 'exemplar', 'summarize', 'remove', 'clear', 'wait'] as const

const anyStep: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...KINDS.flatMap((kind) => (kind === 'clear' ? [kind] : [kind, kind, kind]))),
  fc.nat(45),
  fc.nat(5000),
)

/** Of more series than are written afresh, and with native buckets that are reset now and then. */
function aRegistry() {
  const registry = new Registry()
  const options = { help: 'X.', labelNames: ['i'], registry } as const
  const jobs = counter({ ...options, name: 'jobs' })
  const native = { maxBuckets: 4, minResetIntervalSeconds: 5 }
  const sizes = histogram({ ...options, name: 'sizes', buckets: [1, 2], native })
  const ages = summary({ ...options, name: 'ages', quantiles: [0.5], maxAgeSeconds: 20 })
  for (let i = 0; i < 40; i++) {
    jobs.inc({ i })
    sizes.observe({ i }, i / 7)
    ages.observe({ i }, i)
  }
  return { registry, jobs, sizes, ages }
}

function take([kind, i, value]: Step, { jobs, sizes, ages }: ReturnType<typeof aRegistry>): void {
  switch (kind) {
    case 'inc':
      jobs.inc({ i }, value)
      break
    case 'observe':
      sizes.observe({ i }, value / 7)
      break
    case 'exemplar':
      jobs.inc({ i }, 1, { exemplar: { id: value } })
      sizes.observe({ i }, value / 7, { exemplar: { id: value } })
      break
    case 'summarize':
      ages.observe({ i }, value)
      break
    case 'remove':
      for (const metric of [jobs, sizes, ages]) metric.remove({ i })
      break
    case 'clear':
      for (const metric of [jobs, sizes, ages]) metric.clear()
      break
    case 'wait':
      vi.setSystemTime(Date.now() + value * 70)
  }
}
