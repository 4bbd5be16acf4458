import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { expose, Registry } from 'narthex'
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

const registry = new Registry()

test.each<[string, () => unknown]>([
  ['requestMetrics', () => requestMetrics(registry as object)],
  ['scrapeHandler', () => scrapeHandler(registry as object)],
  ['narthex/node', () => nodeMetrics(registry as object)],
  ['measureUpgrades of narthex/node', () => measureUpgrades(registry as object)],
  ['narthex/express', () => expressMetrics(registry as object)],
  ['narthex/fastify', () => fastifyMetrics(registry as object)],
  ['narthex/koa', () => koaMetrics(registry as object)],
  ['narthex/nest', () => nestMetrics(registry as object)],
  ['narthex/hono', () => honoMetrics(registry as object)],
  ['narthex/fetch', () => fetchMetrics(() => new Response(), registry as object)],
  ['narthex/next', async () => await nextMetrics(registry as object)],
  ['serveMetrics', async () => await serveMetrics(registry as object)],
])('%s refuses a registry in the place of its options', async (_, declare) => {
  await expect((async () => await declare())()).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: 'The options of the adapters must be an object with their names, not a registry.',
  })
})

test.each<[unknown, string]>([
  [null, 'null'],
  [8080, '8080'],
  ['/metrics', '"/metrics"'],
  [() => {}, 'a function'],
  [[], 'an array'],
])('what is no options is refused: %j', async (given, shown) => {
  const message = `The options of the adapters must be an object with their names, not ${shown}.`
  const refused: unknown = expect.objectContaining({ code: 'INVALID_OPTION', message })
  const options = given as object
  expect(() => nodeMetrics(options)).toThrow(refused)
  expect(() => expressMetrics(options)).toThrow(refused)
  expect(() => fastifyMetrics(options)).toThrow(refused)
  expect(() => nestMetrics(options)).toThrow(refused)
  expect(() => honoMetrics(options)).toThrow(refused)
  await expect(serveMetrics(options)).rejects.toEqual(refused)
  await expect(nextMetrics(options)).rejects.toEqual(refused)
})

test.each<[string, () => unknown]>([
  ['registerProcessMetrics', () => registerProcessMetrics({ registry: {} as never })],
  ['outgoingRequestMetrics', () => outgoingRequestMetrics({ registry: {} as never })],
  ['connectionMetrics', () => connectionMetrics(createServer(), { registry: {} as never })],
  ['serveMetrics', async () => await serveMetrics({ registry: {} as never })],
])('a registry that is none is refused by %s', async (_, declare) => {
  await expect((async () => await declare())()).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: 'registry must be a Registry of narthex, not an object.',
  })
})

test.each<[object, string]>([
  [{ processMetrics: 'false' }, 'processMetrics must be true or false, not "false".'],
  [{ groupStatus: 1 }, 'groupStatus must be true or false, not 1.'],
  [{ onWarning: console }, 'onWarning must be a function, not an object.'],
  [{ endpoint: '/users/:id' }, 'endpoint must be a function of the request, not "/users/:id".'],
])('a value that would be taken for another is refused: %j', (options, message) => {
  expect(() => nodeMetrics({ ...options, registry })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message }),
  )
})

test.each<[unknown, string]>([
  ['openmetrics', 'The options of expose must be an object with their names, not "openmetrics".'],
  [{ fromat: 'openmetrics' }, 'No option of expose is called "fromat"; the nearest is format.'],
  [{ names: 'up' }, 'names must be an array of names, not "up".'],
])('expose refuses what are no options of it: %j', async (options, message) => {
  await expect(expose(registry, options as object)).rejects.toMatchObject({ code: 'INVALID_OPTION', message })
})

test('registerProcessMetrics refuses topics that are no list of them', () => {
  expect(() => registerProcessMetrics({ registry, except: 'heap' as never })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: 'except must be an array of topics, not "heap".' }),
  )
})

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

test.each([
  ['egistry', 'the nearest is registry'],
  ['xregistry', 'the nearest is registry'],
  ['registryx', 'the nearest is registry'],
  ['regitsry', 'the nearest is registry'],
  ['REGISTRY', 'the nearest is registry'],
  ['paths', 'the nearest is path'],
  ['pat', 'the nearest is path'],
  ['pa', 'they are: registry, path, paty'],
  ['patx', 'the nearest is path'],
  ['rgistr', 'the nearest is registry'],
  ['gstr', 'they are: registry, path, paty'],
])('the nearest of an option is found by what it takes to get there: %s', (given, hint) => {
  const known = { registry: true, path: true, paty: true }
  expect(() => checkOptionNames('something', { [given]: 1 }, known)).toThrow(
    `No option of something is called "${given}"; ${hint}.`,
  )
})
