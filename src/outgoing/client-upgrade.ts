/** What is used of `http.ClientRequest`. */
export interface UpgradingRequest {
  readonly method: string
  getHeader(name: string): unknown
  listenerCount(event: string): number
  on(event: 'newListener', listener: (event: string | symbol) => void): unknown
  prependListener(event: UpgradeEvent, listener: UpgradeListener): unknown
}

type UpgradeEvent = 'upgrade' | 'connect'

type UpgradeListener = (response: { readonly statusCode?: number | undefined }, socket: { destroy(): unknown }) => void

/**
 * Tells the status of the answer with which a request leaves HTTP, for a WebSocket or by `CONNECT`: there is no channel
 * for it, but an event.
 *
 * Node gives up the connection if nobody listens to the event. So it is listened to only where the program does, and
 * where the program has ceased to, the connection is given up as Node would have.
 *
 * @returns whether it asks to leave HTTP
 */
export function whenUpgraded(request: UpgradingRequest, upgraded: (status: number | undefined) => void): boolean {
  const event = request.method === 'CONNECT' ? 'connect' : 'upgrade'
  if (event === 'upgrade' && request.getHeader('upgrade') === undefined) return false
  let listens = false
  const listen = (): void => {
    if (listens) return
    listens = true
    request.prependListener(event, (response, socket) => {
      if (request.listenerCount(event) === 1) socket.destroy()
      upgraded(response.statusCode)
    })
  }
  if (request.listenerCount(event) > 0) listen()
  else request.on('newListener', (added) => void (added === event && listen()))
  return true
}
