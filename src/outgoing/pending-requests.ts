import type { OutgoingRequest } from './outgoing-requests.ts'

/** What a request of a client says of itself. */
export type AskedRequest = Pick<OutgoingRequest, 'method' | 'scheme' | 'hostname' | 'port'>

/**
 * The requests of one client from their start to their end, each of which is told once, whatever is told of it
 * afterwards.
 */
export class PendingRequests<Request extends object> {
  readonly #askedOf: (request: Request) => AskedRequest
  readonly #ended: (request: OutgoingRequest) => void
  readonly #known: WeakMap<Request, KnownRequest> = new WeakMap()

  /** @param askedOf is asked at the end of a request */
  constructor(askedOf: (request: Request) => AskedRequest, ended: (request: OutgoingRequest) => void) {
    this.#askedOf = askedOf
    this.#ended = ended
  }

  /** Whether a request began while this was told of them; also after its end. */
  has(request: Request): boolean {
    return this.#known.has(request)
  }

  /** The first time that this is said of a request counts. */
  begin(request: Request): void {
    if (!this.has(request)) this.#known.set(request, { startMs: performance.now(), status: undefined, ended: false })
  }

  respond(request: Request, status: number | undefined): void {
    const known = this.#known.get(request)
    if (known !== undefined) known.status = status
  }

  /** Whether there was a response. */
  hasResponse(request: Request): boolean {
    return this.#known.get(request)?.status !== undefined
  }

  /** Of what did not begin here, nothing is told. */
  end(request: Request, error?: unknown): void {
    const known = this.#known.get(request)
    if (known === undefined || known.ended) return
    known.ended = true
    const { startMs, status } = known
    this.#ended({ ...this.#askedOf(request), status, error, seconds: (performance.now() - startMs) / 1000 })
  }
}

interface KnownRequest {
  readonly startMs: number
  status: number | undefined
  ended: boolean
}

/** The error of a response that ended too early, where nothing says why: the program does not want the rest of it. */
export const BROKEN_OFF: unknown = { code: 'response_aborted' }

/** Where a request goes, of its URL. */
export function addressIn({ hostname, port }: URL): Pick<AskedRequest, 'hostname' | 'port'> {
  return { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? undefined : port }
}
