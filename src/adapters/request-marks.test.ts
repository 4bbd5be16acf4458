import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { endpointOfRequest, isFirstLook, setEndpoint, shareMarks } from './request-marks.ts'

const METRICS = { identity: {} }
const NO_ROUTE = (): undefined => undefined

function nodeRequest(): IncomingMessage {
  return new IncomingMessage(new Socket())
}

describe('what is told of a request', () => {
  test.each([
    ["of Node's", nodeRequest],
    ['of fetch', () => new Request('http://shop.example/')],
  ])('%s is known of what inherits from it and of what stands in for it', (_, make) => {
    const request = make()
    setEndpoint(request, '/users/:id')

    for (const other of [Object.create(request) as object, new Proxy(request, {})]) {
      expect(endpointOfRequest(other, NO_ROUTE)).toBe('/users/:id')
    }
  })

  test('is told of no other request of the connection', () => {
    const socket = new Socket()
    const [first, second] = [new IncomingMessage(socket), new IncomingMessage(socket)]
    setEndpoint(first, '/users/:id')

    expect(isFirstLook(first, METRICS)).toBe(true)
    expect(isFirstLook(first, METRICS)).toBe(false)
    expect(isFirstLook(second, METRICS)).toBe(true)
    expect(endpointOfRequest(second, NO_ROUTE)).toBeUndefined()
  })

  test('is told of what it is shared with, from either side', () => {
    const request = nodeRequest()
    const other = new Request('http://shop.example/')
    shareMarks(request, other)
    setEndpoint(other, '/users/:id')

    expect(endpointOfRequest(request, NO_ROUTE)).toBe('/users/:id')
  })

  test("adds no property to a request of Node's: Express would make every such request pay for it", () => {
    const request = nodeRequest()
    const keys = Reflect.ownKeys(request)
    setEndpoint(request, '/users/:id')

    expect(Reflect.ownKeys(request)).toEqual(keys)
  })
})
