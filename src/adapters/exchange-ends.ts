import { builtinModule } from '../http/builtin-module.ts'

/** A request and its response, until it has ended. */
export interface OpenExchange {
  readonly request: ClosingRequest
  readonly response: ClosingResponse
  /**
   * Told when it has ended, maybe more than once.
   *
   * @param sent whether all of the response was sent; to be found out if it is unknown
   * @param isSilent whether nothing was sent, whatever the response says
   */
  end(sent?: boolean, isSilent?: boolean): void
}

interface ClosingRequest {
  readonly socket?: ClosingSocket | null
}

interface ClosingResponse {
  readonly socket: object | null
  readonly closed?: boolean
  readonly headersSent: boolean
  on(event: 'close', listener: () => void): unknown
}

interface ClosingSocket {
  readonly destroyed: boolean
  /** Why it failed. */
  readonly errored?: unknown
  /** The listener costs a connection once what it would cost each of its requests. */
  on?(event: 'close', listener: () => void): unknown
  [OPEN]?: OpenExchange[]
  [WAITING]?: OpenExchange[]
}

/**
 * Tells an exchange when it has ended: its response was sent, or its connection has closed before.
 *
 * The response says so with `close`, but a listener on each of them is a good part of what measuring costs (question
 * http-overhead of the benchmarks). So where Node says of a connection on a channel when its responses are sent, as it
 * does for HTTP/1, it is asked there from the second request on, and the connection has the one listener.
 */
export function awaitEnd(exchange: OpenExchange): void {
  const { request, response } = exchange
  const { socket } = request
  const open = socket?.[OPEN]
  if (socket?.destroyed === true) {
    // It is measured late, after something before that took its time: nothing tells of the end any more.
    const isSilent = !response.headersSent
    setTimeout(() => exchange.end(false, isSilent), 0)
  } else if (open === undefined && response.closed === true) {
    setTimeout(() => exchange.end(), 0)
  } else if (open === undefined) {
    listenToChannel()
    response.on('close', () => exchange.end())
    // Pipelined: until those before it are answered, the response has no socket, and does not hear when the client
    // leaves.
    if (response.socket === null && socket) awaitConnection(socket, exchange)
  } else {
    open.push(exchange)
  }
}

/** The exchanges of a connection whose responses are told on the channel, and have not been sent. */
const OPEN: unique symbol = Symbol('open exchanges')

/** Those of a connection that wait for their turn, before anything is told on the channel. */
const WAITING: unique symbol = Symbol('waiting exchanges')

/** With one listener for all of them. Not with the close of the request: that comes when its body was read. */
function awaitConnection(socket: ClosingSocket, exchange: OpenExchange): void {
  const there = socket[WAITING]
  if (there !== undefined) {
    there.push(exchange)
    return
  }
  const waiting = [exchange]
  socket[WAITING] = waiting
  socket.on?.('close', () => {
    for (const each of waiting) each.end()
  })
}

let listens = false
/** That of Node, where there is one. */
let nextTick: NextTick = (callback, ...args) => callback(...args)

/** From the first request that is measured until the end of the process. */
function listenToChannel(): void {
  if (listens) return
  listens = true
  const channels = builtinModule('node:diagnostics_channel') as DiagnosticsChannels | undefined
  const process = builtinModule('node:process') as { readonly nextTick: NextTick } | undefined
  if (process !== undefined) nextTick = process.nextTick
  channels?.subscribe('http.server.response.finish', responseSent)
}

type NextTick = <Args extends unknown[]>(callback: (...args: Args) => void, ...args: Args) => void

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
    // Next, as with the close of a response: what the program's own listeners tell of it still counts.
    if (exchange.response === response) nextTick(tellEnd, exchange, sent)
    else open[left++] = exchange
  }
  while (open.length > left) open.pop()
}

function tellEnd(exchange: OpenExchange, sent: boolean | undefined): void {
  exchange.end(sent)
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
