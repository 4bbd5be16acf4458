import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './real-parts.ts'

/** A real VictoriaMetrics, of one node, that scrapes every second. */
export interface VictoriaMetrics extends Child {
  /** The values of the series that a PromQL expression gives now. */
  query(promql: string): Promise<readonly { metric: Readonly<Record<string, string>>; value: number }[]>
}

/** @param target what it scrapes, `http://127.0.0.1:8000/metrics` */
export async function startVictoriaMetrics(target: string): Promise<VictoriaMetrics> {
  const folder = await mkdtemp(join(tmpdir(), 'narthex-victoria-metrics-'))
  const { host, pathname } = new URL(target)
  const job = `  - job_name: app\n    metrics_path: ${pathname}\n    static_configs: [{ targets: ['${host}'] }]\n`
  await writeFile(join(folder, 'scrape.yml'), `global: { scrape_interval: 1s }\nscrape_configs:\n${job}`)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = await startChild({
    command: pathOf('victoria-metrics'),
    args: [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=1d',
      `-promscrape.config=${join(folder, 'scrape.yml')}`,
      // Otherwise the last 30 seconds are kept back.
      '-search.latencyOffset=0s',
      '-memory.allowedBytes=256MB',
    ],
    ready: async () =>
      await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    afterwards: async () => await rm(folder, { recursive: true, force: true }),
  })
  return {
    ...child,
    async query(promql) {
      // What was scraped last is asked for before it is written: this writes it.
      await fetch(`${url}/internal/force_flush`)
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`)
      const { data } = (await response.json()) as Answer
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    },
  }
}

interface Answer {
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] }
}
