import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, expect, test } from 'vitest'
import { Counter, samplesOf, type Exemplar } from '../index.ts'
import { exemplarsFromSpans } from './index.ts'

let stop: (() => void) | undefined

afterEach(() => {
  stop?.()
  trace.disable()
  context.disable()
})

test('an exemplar leads to the span that was active, also behind an await', async () => {
  const spans = new InMemorySpanExporter()
  const tracer = traced({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  stop = exemplarsFromSpans()
  const counter = new Counter({ name: 'c', help: 'C.' })
  await tracer.startActiveSpan('work', async (span) => {
    await Promise.resolve()
    counter.inc()
    span.end()
  })
  const { traceId, spanId } = spans.getFinishedSpans()[0]!.spanContext()
  expect(exemplarsOf(counter)).toMatchObject([{ labels: { trace_id: traceId, span_id: spanId }, value: 1 }])
})

test('there is none outside of a span, nor in one that is not sampled', () => {
  const counter = new Counter({ name: 'c', help: 'C.' })
  const tracer = traced({ sampler: new AlwaysOffSampler() })
  stop = exemplarsFromSpans()
  counter.inc()
  const another = new Counter({ name: 'c', help: 'C.' })
  tracer.startActiveSpan('work', () => another.inc())
  expect([...exemplarsOf(counter), ...exemplarsOf(another)]).toEqual([])
})

function traced(options: ConstructorParameters<typeof BasicTracerProvider>[0]): ReturnType<typeof trace.getTracer> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new BasicTracerProvider(options))
  return trace.getTracer('test')
}

function exemplarsOf(counter: Counter): readonly Exemplar[] {
  return [...samplesOf(counter.collect()[0]!)].flatMap(({ exemplars = [] }) => exemplars)
}
