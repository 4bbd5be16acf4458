import type { Warn } from './channel-listener.ts'
import { observeHttp2Client } from './http2-client.ts'
import { observeNodeClient } from './node-client.ts'
import type { OutgoingRequest } from './outgoing-requests.ts'
import { observeUndici } from './undici-client.ts'

/** Says of each request that the process makes how it ended, once. @returns what stops that */
export function observeOutgoing(ended: (request: OutgoingRequest) => void, warn: Warn): () => void {
  const stopNode = observeNodeClient(ended, warn)
  const stopHttp2 = observeHttp2Client(ended, warn)
  const stopUndici = observeUndici(ended, warn)
  return () => {
    stopNode()
    stopHttp2()
    stopUndici()
  }
}
