import { integerBelow, randomFrom } from '../harness/random.mjs'

/** The headers of a request that comes by way of a proxy. */
const HEADERS = [
  'Host: shop.example',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  'Accept: application/json',
  'Accept-Encoding: gzip, deflate, br',
  'X-Forwarded-For: 192.0.2.7',
  'Connection: keep-alive',
].join('\r\n')

/** Requests as they go over the wire: most of them for one of many users, some for the root, some for nothing. */
export function requestsOverHttp(count) {
  const random = randomFrom(4)
  return Array.from({ length: count }, () => {
    const kind = integerBelow(20, random)
    const number = integerBelow(100_000, random)
    const path = kind === 0 ? '/' : kind === 1 ? `/nothing/${number}` : `/users/${number}`
    return Buffer.from(`GET ${path} HTTP/1.1\r\n${HEADERS}\r\n\r\n`)
  })
}
