import type { RoutedRequest } from '../adapters/express-dispatch.ts'
import type { NodeRequest, NodeResponse } from '../adapters/node-exchange.ts'
import { listenTo, type Warn } from '../outgoing/channel-listener.ts'
import type { CountedRequests } from './counted-requests.ts'
import { isOfExpress, prepareRoutes, type ListeningServer } from './framework-routes.ts'
import { noteHonoContexts } from './hono-contexts.ts'
import { noteKoaContexts } from './koa-contexts.ts'
import type { ServedRequest } from './served-request.ts'
import type { Settings } from './settings.ts'

/** What `http.server.request.start` says; `node:https` does, too. */
interface RequestStart {
  readonly request: NodeRequest & RoutedRequest
  readonly response: NodeResponse
  readonly server: ListeningServer
}

/** What `tracing:net.server.listen:asyncStart` says of a server. */
interface ListenCall {
  readonly server: Http2Server
}

/** What is used of a server of `node:http2`: no other has `updateSettings`. */
interface Http2Server extends ListeningServer {
  readonly updateSettings?: unknown
  listenerCount(event: 'request'): number
  prependListener(event: 'request', listener: (request: Http2Request, response: NodeResponse) => void): unknown
}

interface Http2Request extends NodeRequest {
  readonly httpVersionMajor: number
}

/** Tells every request that the process answers to what counts it, which is loaded when the program begins to serve. */
export class ServedRequests {
  readonly #settings: Settings
  readonly #warn: Warn
  readonly #stops: readonly (() => void)[]
  #stopped = false
  #counted: CountedRequests | undefined
  #loading = false
  /** Those that came while it was loaded, with what tells when they were closed. */
  #early: { readonly served: ServedRequest; closedMs: number | undefined }[] = []

  constructor(settings: Settings, warn: Warn) {
    this.#settings = settings
    this.#warn = warn
    this.#stops = [
      noteHonoContexts(warn),
      listenTo('http.server.request.start', (start: RequestStart) => this.#start(start), warn),
      // The program has loaded its framework by then.
      listenTo('tracing:net.server.listen:asyncStart', noteKoaContexts, warn),
      listenTo('tracing:net.server.listen:asyncStart', ({ server }: ListenCall) => this.#listen(server), warn),
    ]
  }

  stop(): void {
    this.#stopped = true
    for (const stop of this.#stops) stop()
  }

  #listen(server: Http2Server): void {
    void this.#load()
    // HTTP/2 has no such channel: its requests are seen where the program sees them, if it does so as with HTTP/1.
    if (server.updateSettings === undefined || server.listenerCount('request') === 0) return
    server.prependListener('request', (request, response) => {
      if (request.httpVersionMajor === 2 && !this.#stopped) this.#start({ request, response, server })
    })
  }

  #start({ request, response, server }: RequestStart): void {
    prepareRoutes(server)
    const served = { request, response, startMs: performance.now(), url: request.url ?? '' }
    if (this.#counted === undefined) this.#keep(served)
    else this.#counted.start(served)
  }

  #keep(served: ServedRequest): void {
    const early = { served, closedMs: undefined as number | undefined }
    served.response.on('close', () => (early.closedMs = performance.now()))
    this.#early.push(early)
    void this.#load()
  }

  async #load(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      const { CountedRequests } = await import('./counted-requests.ts')
      const counted = new CountedRequests(this.#settings, { isOfExpress }, this.#warn)
      for (const { served, closedMs } of this.#early) counted.startedBefore(served, closedMs)
      this.#counted = counted
    } catch (error) {
      this.stop()
      this.#warn('narthex: requests are not measured', error)
    }
    this.#early = []
  }
}
