import { expect, test, vi } from 'vitest'
import type { OutgoingRequest } from './outgoing-requests.ts'
import { addressIn, PendingRequests } from './pending-requests.ts'

const asked = { method: 'GET', scheme: 'http', hostname: 'shop', port: '8080' } as const

function started(): { pending: PendingRequests<object>; told: OutgoingRequest[] } {
  const told: OutgoingRequest[] = []
  return {
    told,
    pending: new PendingRequests(
      () => asked,
      (request) => told.push(request),
    ),
  }
}

test('a request is told at its end, with what answered it and how long it took', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const { pending, told } = started()
    const request = {}
    pending.begin(request)
    vi.advanceTimersByTime(1500)
    pending.begin(request)
    pending.respond(request, 204)
    vi.advanceTimersByTime(500)
    pending.end(request)
    expect(told).toEqual([{ ...asked, status: 204, error: undefined, seconds: 2 }])
  } finally {
    vi.useRealTimers()
  }
})

test('it is told once, whatever is told of it afterwards', () => {
  const { pending, told } = started()
  const request = {}
  pending.begin(request)
  pending.end(request, 'cut')
  pending.begin(request)
  pending.respond(request, 200)
  pending.end(request)
  expect(told).toMatchObject([{ status: undefined, error: 'cut' }])
})

test('of what did not begin here, nothing is told', () => {
  const { pending, told } = started()
  const request = {}
  pending.respond(request, 200)
  pending.end(request)
  expect(told).toEqual([])
  expect([pending.has(request), pending.hasResponse(request)]).toEqual([false, false])
})

test('it is known whether there was a response', () => {
  const { pending } = started()
  const request = {}
  pending.begin(request)
  expect([pending.has(request), pending.hasResponse(request)]).toEqual([true, false])
  pending.respond(request, 200)
  expect(pending.hasResponse(request)).toBe(true)
})

test.each([
  ['http://shop.example', { hostname: 'shop.example', port: undefined }],
  ['https://shop.example:8443', { hostname: 'shop.example', port: '8443' }],
  ['http://[::1]:80/', { hostname: '::1', port: undefined }],
])('the address in %s is without brackets and without a port that goes without saying', (url, address) => {
  expect(addressIn(new URL(url))).toEqual(address)
})
