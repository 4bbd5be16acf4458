import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { CLIENTS } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'

const PROM_CLIENT_FAMILY = (name) => `
  import { Counter, register } from '${name}'
  export async function exposition() {
    new Counter({ name: 'bench_jobs_total', help: 'Jobs.', labelNames: ['queue'] }).inc({ queue: 'mail' })
    return register.metrics()
  }`

/**
 * The least that counts and is scraped in the text format; narthex' `expose` would bring the other formats along. Each
 * of them is run too, so that nothing needed is missing from a bundle.
 */
const PROGRAMS = {
  narthex: `
    import { counter, defaultRegistry } from 'narthex'
    import { writePrometheusText } from 'narthex/exposition'
    export async function exposition() {
      counter({ name: 'bench_jobs_total', help: 'Jobs.', labelNames: ['queue'] }).inc({ queue: 'mail' })
      const decoder = new TextDecoder()
      return [...writePrometheusText(await defaultRegistry.gather())].map((block) => decoder.decode(block)).join('')
    }`,
  'prom-client': PROM_CLIENT_FAMILY('prom-client'),
  'prometheus-io': PROM_CLIENT_FAMILY('@prometheus-io/client'),
  platformatic: PROM_CLIENT_FAMILY('@platformatic/prom-client'),
  opentelemetry: `
    import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
    import { MeterProvider } from '@opentelemetry/sdk-metrics'
    export async function exposition() {
      const reader = new PrometheusExporter({ preventServerStart: true })
      const meter = new MeterProvider({ readers: [reader] }).getMeter('benchmarks')
      meter.createCounter('bench_jobs_total', { description: 'Jobs.' }).add(1, { queue: 'mail' })
      const { resourceMetrics } = await reader.collect()
      return new PrometheusSerializer('', false, undefined, true, true).serialize(resourceMetrics)
    }`,
}

/** What a rival that is no ES module needs around it to run; it is not weighed. */
const REQUIRE = Buffer.from(
  `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n`,
)

/** @type {import('../harness/questions.mjs').Question} */
export const question = {
  name: 'bundle-size',
  figures: [
    {
      name: 'bundle-size',
      asks: 'a counter and its text exposition bundled, minified and gzipped',
      unit: 'B',
      must: [{ atMost: 10_000, of: 'unit' }],
    },
  ],
  contestants: CLIENTS,
  rounds: { full: 1, quick: 1 },
  async answer({ contestant }) {
    const bundle = await bundleOf(PROGRAMS[contestant])
    return {
      figures: { 'bundle-size': gzipSync(bundle, { level: 9 }).length },
      counted: countedIn([Buffer.from(await expositionBy(bundle))]),
    }
  },
}

async function bundleOf(program) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    legalComments: 'none',
    // The package as it is published, not its sources, to which the configuration of the linter leads.
    tsconfigRaw: {},
    write: false,
  })
  return outputFiles[0].contents
}

async function expositionBy(bundle) {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    const file = join(folder, 'bundle.mjs')
    await writeFile(file, Buffer.concat([REQUIRE, bundle]))
    const { exposition } = await import(pathToFileURL(file).href)
    return await exposition()
  } finally {
    await rm(folder, { recursive: true })
  }
}
