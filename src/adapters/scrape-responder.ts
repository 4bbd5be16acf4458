import type { MetricsOptions } from '../http/metrics-options.ts'
import { scrapeHandler, type ScrapeResponse } from '../http/scrape-handler.ts'
import { blockStream } from './block-stream.ts'
import { splitOptions, type EndpointOption } from './endpoint-option.ts'
import { setEndpoint } from './request-marks.ts'
import { tellLength } from './watched-body.ts'

/** Scrapes in the words of `fetch`. */
export interface ScrapeResponder {
  matches(request: Request): boolean
  /** The response to a request that {@link matches}. Never rejects. */
  answer(request: Request): Promise<Response>
}

/** @throws {MetricError} as `scrapeHandler` */
export function scrapeResponder(options: MetricsOptions & EndpointOption): ScrapeResponder {
  const handler = scrapeHandler(splitOptions(options).shared)
  return {
    matches: ({ url }) => handler.matches(url),
    async answer(request) {
      setEndpoint(request, handler.path)
      const { method, url, headers } = request
      return responseOf(await handler.answer({ method, url, header: (name) => headers.get(name) ?? undefined }))
    },
  }
}

function responseOf({ status, headers, body }: ScrapeResponse): Response {
  const length = Number(headers['Content-Length'])
  // Workers compress what says that it is compressed, unless they are told that it is so already.
  const init: ResponseInit & { encodeBody: 'manual' } = { status, headers, encodeBody: 'manual' }
  const response = new Response(body.length === 0 ? null : bodyOf(body, length), init)
  tellLength(response, body.length === 0 ? 0 : length)
  return response
}

function bodyOf(blocks: readonly Uint8Array[], length: number): Blob | ReadableStream<Uint8Array> {
  // Bun sends no stream with its length.
  return 'Bun' in globalThis ? new Blob(blocks as Uint8Array<ArrayBuffer>[]) : blockStream(blocks, length)
}
