// The service of runtimes.test.ts, on every runtime the same; it runs with the packed package.
import { counter, defaultRegistry, expose, histogram } from 'narthex'

const jobs = counter({ name: 'jobs', help: 'Jobs done.', labelNames: ['queue'] })
const mail = jobs.labels('mail')
const rows = histogram({ name: 'rows', help: 'Rows.', labelNames: ['table', 'verb'], buckets: [1, 10] })
const many = counter({ name: 'many', help: 'Many series.', labelNames: ['number'] })

/** What each endpoint answers. */
export const handlers = {
  '/users/:id': (request) => new Response('a user', { status: request.method === 'POST' ? 201 : 200 }),
  '/json': () => Response.json({ a: 'b' }),
  '/page': () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
  '/big': () => new Response('x'.repeat(100_000), { headers: { 'content-type': 'text/plain' } }),
  '/stream': () => new Response(parts(['first', 'last'], 100), { headers: { 'content-type': 'text/plain' } }),
  '/endless': () =>
    new Response(parts(Array(10_000).fill('tick\n'), 20), { headers: { 'content-type': 'text/plain' } }),
  '/slow': async () => {
    await sleep(2000)
    return new Response('at last')
  },
  '/throw': () => {
    throw new RangeError('deliberate')
  },
  '/work': async () => {
    mail.inc()
    jobs.inc({ queue: 'post' }, 2)
    jobs.labels('mail').inc(3)
    rows.observe({ table: 'a', verb: 'read' }, 5)
    await rows.labels('a', 'read').time(() => sleep(20))
    return new Response(await expose(defaultRegistry, { names: ['jobs', 'rows'] }))
  },
  '/many': async () => {
    for (let i = 0; i < 20_000; i++) many.inc({ number: i })
    return new Response(await expose(defaultRegistry, { names: ['many'] }))
  },
  '/generated': () => new Response(isCodeGenerated() ? 'generated code' : 'no generated code'),
}

/** Of a path; undefined if there is none. */
export function endpointOf(path) {
  const endpoint = path.replace(/^\/users\/[^/]+$/, '/users/:id')
  return endpoint in handlers ? endpoint : undefined
}

function parts(texts, pauseMs) {
  const encoder = new TextEncoder()
  const left = texts.values()
  let sent = 0
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = left.next()
        if (done) {
          controller.close()
          return
        }
        if (sent++ > 0) await sleep(pauseMs)
        controller.enqueue(encoder.encode(value))
      },
    },
    { highWaterMark: 0 },
  )
}

async function sleep(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

function isCodeGenerated() {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- whether the platform allows it is the question
    return new Function('return true')()
  } catch {
    return false
  }
}
