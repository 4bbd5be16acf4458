import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { metrics as expressMetrics } from 'narthex/express'
import { metrics as fastifyMetrics } from 'narthex/fastify'
import { measureRequests as measureFetch, metrics as fetchMetrics } from 'narthex/fetch'
import { metrics as honoMetrics } from 'narthex/hono'
import { requestMetrics, scrapeHandler } from 'narthex/http'
import { metrics as koaMetrics } from 'narthex/koa'
import { metrics as nestMetrics } from 'narthex/nest'
import { metrics as nextMetrics } from 'narthex/next'
import { answerScrapes, connectionMetrics, measureUpgrades, metrics as nodeMetrics, serveMetrics } from 'narthex/node'
import { outgoingRequestMetrics } from 'narthex/outgoing'
import { registerProcessMetrics } from 'narthex/process'
import { checkOptionNames } from './option-names.ts'

/** As JavaScript gives them: without anybody who reads the names. */
const misspelt: object = { bukets: [1] }

test.each<[string, () => unknown]>([
  ['requestMetrics', () => requestMetrics(misspelt)],
  ['scrapeHandler', () => scrapeHandler(misspelt)],
  ['narthex/node', () => nodeMetrics(misspelt)],
  ['answerScrapes of narthex/node', () => answerScrapes(misspelt)],
  ['measureUpgrades of narthex/node', () => measureUpgrades(misspelt)],
  ['narthex/express', () => expressMetrics(misspelt)],
  ['narthex/fastify', () => fastifyMetrics(misspelt)],
  ['narthex/koa', () => koaMetrics(misspelt)],
  ['narthex/nest', () => nestMetrics(misspelt)],
  ['narthex/hono', () => honoMetrics(misspelt)],
  ['narthex/fetch', () => fetchMetrics(() => new Response(), misspelt)],
  ['narthex/next', async () => await nextMetrics(misspelt)],
  ['serveMetrics', async () => await serveMetrics(misspelt)],
])('%s refuses a misspelt option, and names the nearest', async (_, declare) => {
  await expect((async () => await declare())()).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: 'No option of the adapters is called "bukets"; the nearest is buckets.',
  })
})

test.each([{}, null, 'default', { metrics: () => '', registerMetric: () => {} }])(
  'a registry that is none is refused by the adapters: %j',
  (registry) => {
    const given = typeof registry === 'string' ? `"${registry}"` : registry === null ? 'null' : 'an object'
    expect(() => expressMetrics({ registry } as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: `registry must be a Registry of narthex, not ${given}.`,
      }),
    )
  },
)

test('narthex/fetch refuses options in the place of a handler', () => {
  for (const wrap of [fetchMetrics, measureFetch]) {
    expect(() => wrap({ prefix: 'shop' } as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: 'narthex/fetch takes a handler, then its options; not an object.',
      }),
    )
  }
})

test.each<[string, () => unknown, string]>([
  ['Express with an endpoint', () => expressMetrics({ endpoint: () => '/' } as object), 'No option of the adapters is'],
  ['the port of serveMetrics elsewhere', () => nodeMetrics({ port: 1 } as object), 'No option of the adapters is'],
  [
    'tls',
    async () => await serveMetrics({ port: 0, tls: { key: '', cert: '', ca: '' } as never }),
    'No option of tls is called "ca"; they are: key, cert, passphrase, clientCa.',
  ],
  [
    'timeouts',
    async () => await serveMetrics({ port: 0, timeouts: { headerMs: 1 } as object }),
    'No option of timeouts is called "headerMs"; the nearest is headersMs.',
  ],
  [
    'registerProcessMetrics',
    () => registerProcessMetrics({ exept: ['heap'] } as object),
    'No option of registerProcessMetrics is called "exept"; the nearest is except.',
  ],
  [
    'outgoingRequestMetrics',
    () => outgoingRequestMetrics({ maxhosts: 1 } as object),
    'No option of outgoingRequestMetrics is called "maxhosts"; the nearest is maxHosts.',
  ],
  [
    'connectionMetrics',
    () => connectionMetrics(createServer(), { registries: 1 } as object),
    'No option of connectionMetrics is called "registries"; the nearest is registry.',
  ],
])('what there is elsewhere, or deeper, is refused, too: %s', async (_, declare, message) => {
  await expect((async () => await declare())()).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining(message) as unknown,
  })
})

test('what is undefined was left out, and an option far from all is answered with the list', () => {
  const known = { registry: true, prefix: true }
  expect(() => checkOptionNames('something', { prefix: '', other: undefined }, known)).not.toThrow()
  expect(() => checkOptionNames('something', { frobnicate: 1 }, known)).toThrow(
    'No option of something is called "frobnicate"; they are: registry, prefix.',
  )
})
