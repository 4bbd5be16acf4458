import type { MetricsOptions } from '../http/metrics-options.ts'
import { scrapeHandler, type ScrapeResponse } from '../http/scrape-handler.ts'
import { blockStream } from './block-stream.ts'
import { setEndpoint } from './request-marks.ts'

/** Scrapes in the words of `fetch`. */
export interface ScrapeResponder {
  matches(request: Request): boolean
  /** The response to a request that {@link matches}. Never rejects. */
  answer(request: Request): Promise<Response>
}

/** @throws {MetricError} as `scrapeHandler` */
export function scrapeResponder(options: MetricsOptions): ScrapeResponder {
  const handler = scrapeHandler(options)
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
  // Workers compress what says that it is compressed, unless they are told that it is so already.
  const init: ResponseInit & { encodeBody: 'manual' } = { status, headers, encodeBody: 'manual' }
  return new Response(body.length === 0 ? null : blockStream(body, Number(headers['Content-Length'])), init)
}
