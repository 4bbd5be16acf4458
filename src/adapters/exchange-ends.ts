import { builtinModule } from '../http/builtin-module.ts'

/** A request and its response, until it has ended. */
export interface OpenExchange {
  readonly request: ClosingRequest
  readonly response: ClosingResponse
  /** Told when it has ended, maybe more than once. @param sent whether all of the response was sent; to be found out if it is unknown */
  end(sent?: boolean): void
}

interface ClosingRequest {
  readonly socket?: ClosingSocket | null
  on(event: 'close', listener: () => void): unknown
}

interface ClosingResponse {
  readonly socket: object | null
  on(event: 'close', listener: () => void): unknown
}

interface ClosingSocket {
  readonly destroyed: boolean
  /** Why it failed. */
  readonly errored?: unknown
  /** The listener costs a connection once what it would cost each of its requests. */
  on?(event: 'close', listener: () => void): unknown
  [OPEN]?: OpenExchange[]
}

/**
 * Tells an exchange when it has ended: its response was sent, or its connection has closed before.
 *
 * The response says so with `close`, but a listener on each of them is a good part of what measuring costs (question
 * http-overhead of the benchmarks). So where Node says of a connection on a channel when its responses are sent, as it does
 * for HTTP/1, it is asked there from the second request on, and the connection has the one listener.
 */
export function awaitEnd(exchange: OpenExchange): void {
  const { request, response } = exchange
  const open = request.socket?.[OPEN]
  if (open !== undefined) {
    open.push(exchange)
    return
  }
  listenToChannel()
  const end = (): void => exchange.end()
  response.on('close', end)
  // Pipelined: until those before it are answered, the response has no socket, and does not hear when the client leaves.
  if (response.socket === null) request.on('close', () => void (request.socket?.destroyed && end()))
}

/** The exchanges of a connection whose responses are told on the channel, and have not been sent. */
const OPEN: unique symbol = Symbol('open exchanges')

let listens = false

/** From the first request that is measured until the end of the process. */
function listenToChannel(): void {
  if (listens) return
  listens = true
  const channels = builtinModule('node:diagnostics_channel') as DiagnosticsChannels | undefined
  channels?.subscribe('http.server.response.finish', responseSent)
}

interface DiagnosticsChannels {
  subscribe(name: string, listener: typeof responseSent): void
}

function responseSent({ response, socket }: { response: object; socket: ClosingSocket }): void {
  const open = socket[OPEN]
  if (open === undefined) {
    noteConnection(socket)
    return
  }
  // Node says that a response is finished even if its last bytes could not be sent.
  const sent = socket.errored == null ? true : undefined
  let left = 0
  for (const exchange of open) {
    if (exchange.response === response) exchange.end(sent)
    else open[left++] = exchange
  }
  while (open.length > left) open.pop()
}

/** Its next responses will be told, too. */
function noteConnection(socket: ClosingSocket): void {
  if (socket.destroyed || socket.on === undefined) return
  const open: OpenExchange[] = []
  socket[OPEN] = open
  socket.on('close', () => {
    for (const exchange of open.splice(0)) exchange.end()
  })
}
