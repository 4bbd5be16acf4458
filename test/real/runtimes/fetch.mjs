import { metrics, setEndpoint } from 'narthex/fetch'
import { endpointOf, handlers } from './service.mjs'

/** The service, as a handler of `fetch`. */
export const handler = metrics((request) => {
  const endpoint = endpointOf(new URL(request.url).pathname)
  if (endpoint === undefined) return new Response('nothing', { status: 404 })
  setEndpoint(request, endpoint)
  return handlers[endpoint](request)
})
