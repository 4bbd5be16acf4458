/**
 * One load generator of the soak, in a process of its own: `node load.mjs <service> <seconds>`. Tells its parent what
 * it did, as `GET /users/:id 200`, each counted when its answer or what there was of it has come.
 */
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

const [service = '', seconds = ''] = process.argv.slice(2)
const WORKERS = 16
const STANDARD_METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'HEAD', 'CONNECT'])
const SCAN_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'PURGE', 'SEARCH', 'REPORT']

/** @type {Record<string, number>} */
const sent = {}
const count = (what) => void (sent[what] = (sent[what] ?? 0) + 1)
const agent = new http.Agent({ keepAlive: true, maxSockets: WORKERS })

/** What a worker does next, by weight. */
const actions = [
  ...Array.from({ length: 12 }, () => async () => {
    await request('GET', `/users/${word()}?page=${word()}`)
    count('GET /users/:id 200')
  }),
  async () => {
    await request('POST', '/users', 'x'.repeat(Math.floor(Math.random() * 10_000)))
    count('POST /users 201')
  },
  async () => {
    await request('GET', '/slow')
    count('GET /slow 200')
  },
  async () => {
    await request('GET', '/stream')
    count('GET /stream 200')
  },
  async () => {
    await request('GET', '/error')
    count('GET /error 500')
  },
  ...Array.from({ length: 4 }, () => scan),
  async () => {
    await leave('/silent', 'information')
    count('GET /silent aborted')
  },
  async () => {
    await leave('/endless', 'response')
    count('GET /endless 200')
  },
]

const until = performance.now() + Number(seconds) * 1000
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    while (performance.now() < until) {
      await actions[Math.floor(Math.random() * actions.length)]()
      await wait(1)
    }
  }),
)
agent.destroy()
process.send?.(sent, () => process.disconnect())

/** Random methods, paths and hosts, as a scanner has them. */
async function scan() {
  const method = SCAN_METHODS[Math.floor(Math.random() * SCAN_METHODS.length)]
  const status = await request(method, `/${word()}/${word()}.php?${word()}=${word()}`, undefined, {
    Host: `${word()}.example`,
  })
  count(`${STANDARD_METHODS.has(method) ? method : '_OTHER'} _unmatched ${status}`)
}

/**
 * Waits for the end of the answer.
 *
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 * @param {http.OutgoingHttpHeaders} [headers]
 * @returns {Promise<number | undefined>} its status
 */
async function request(method, path, body, headers = {}) {
  return await new Promise((resolve, reject) => {
    http
      .request(service + path, { method, agent, headers }, (response) => {
        response
          .resume()
          .on('end', () => resolve(response.statusCode))
          .on('error', reject)
      })
      .on('error', reject)
      .end(body)
  })
}

/** Asks, and leaves at the first sign that the service is at it. */
async function leave(path, sign) {
  await new Promise((resolve) => {
    const asking = http.get(service + path, { agent: false })
    asking
      .on(sign, () => asking.destroy())
      .on('error', () => undefined)
      .on('close', () => resolve(undefined))
  })
}

function word() {
  return Math.random().toString(36).slice(2)
}
