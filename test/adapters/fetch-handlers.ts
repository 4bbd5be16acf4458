import { setTimeout as sleep } from 'node:timers/promises'

/** What the handlers of the contract do, in the words of `fetch`; see `handlers` of contract.ts. */
export const fetchHandlers = {
  async user(request: Request): Promise<Response> {
    await request.arrayBuffer()
    return new Response('a user', { status: request.method === 'POST' ? 201 : 200 })
  },
  stream(): Response {
    return new Response(chunks('first', 60, 'last'))
  },
  async silent(): Promise<Response> {
    return await new Promise(() => {})
  },
  endless(): Response {
    return new Response(chunks('first', 3_600_000))
  },
  throw(): never {
    throw new Error('deliberate')
  },
}

/** A body of these texts, and of pauses in milliseconds. */
export function chunks(...parts: readonly (string | number)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const left = parts.values()
  return new ReadableStream(
    {
      async pull(controller) {
        for (const part of left) {
          if (typeof part === 'string') {
            controller.enqueue(encoder.encode(part))
            return
          }
          await sleep(part, undefined, { ref: false })
        }
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
