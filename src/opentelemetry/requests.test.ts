import { setTimeout as sleep } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { afterEach, expect, test } from 'vitest'
import { Registry, samplesOf } from '../index.ts'
import { metrics, setEndpoint } from 'narthex/node'
import { startService } from '../../test/adapters/service.ts'
import { exemplarsFromSpans } from './index.ts'

let stop: (() => void) | undefined

afterEach(() => {
  stop?.()
  trace.disable()
  context.disable()
})

test('each request that an adapter measures leads to its own span', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new BasicTracerProvider())
  stop = exemplarsFromSpans()
  const traces: Record<string, string> = {}
  const registry = new Registry()
  const measured = metrics({ registry, processMetrics: false })
  const { request } = await startService((incoming, response) => {
    trace.getTracer('test').startActiveSpan('request', (span) => {
      const endpoint = incoming.url!
      traces[endpoint] = span.spanContext().traceId
      measured(incoming, response, () => {
        setEndpoint(incoming, endpoint)
        // The slower one is answered last, though it came first.
        void sleep(endpoint === '/slow' ? 100 : 1).then(() => response.end())
      })
    })
  })
  await Promise.all([request('/slow'), request('/fast')])
  const [count] = await registry.gather({ names: ['app_request_count_total'] })
  const shown = [...samplesOf(count!)].map(({ labels, exemplars }) => [
    labels['endpoint'],
    exemplars?.map((each) => each.labels['trace_id']),
  ])
  expect(Object.fromEntries(shown)).toEqual({ '/slow': [traces['/slow']], '/fast': [traces['/fast']] })
  expect(traces['/slow']).not.toBe(traces['/fast'])
})
