#!/usr/bin/env node
/**
 * A service under load for a while: `npm run soak -- [seconds]`, 120 by default.
 *
 * Two load generators send what services get (pages, uploads, streams, errors, clients that leave, a scan of random
 * URLs with random methods and hosts), and somebody scrapes every second, in another format and coding each time. In
 * the end every request has to be counted as it was sent, none to be in progress, the series to be few and the memory
 * to be flat.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import zlib from 'node:zlib'
import { samplesOf } from 'narthex'
import { parseOpenMetrics, parseText } from 'narthex/exposition'

const [argument = '120'] = process.argv.slice(2)
const seconds = Number(argument)
if (!(seconds >= 10 && seconds <= 86_400)) throw new Error('usage: npm run soak -- [seconds], 10 or more')

const LOAD_GENERATORS = 2
const problems = []
const children = new Set()
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))

const serviceProcess = start('soak/service.mjs', [], ['--expose-gc'])
const { service, metrics } = await answerOf(serviceProcess)
console.log(`${LOAD_GENERATORS} load generators and a scraper on ${service} for ${seconds} s`)

const began = performance.now()
const generators = Array.from({ length: LOAD_GENERATORS }, () => start('soak/load.mjs', [service, String(seconds)]))
const all = Promise.all(generators.map((generator) => answerOf(generator)))
const endOfLoad = all.then(() => 'end')

const scrapes = []
const memory = []
let requestsBefore = 0
while ((await Promise.race([wait(1000, 'second'), endOfLoad])) === 'second') {
  await scrape(scrapes.length)
  if (scrapes.length % 5 === 0) memory.push(await memoryOf())
}
const sent = total(await all)
const took = (performance.now() - began) / 1000
// What was left is counted when its connection has closed; ten seconds are more than enough for that.
let families
for (let tries = 0; tries < 20; tries++) {
  await wait(500)
  families = await scrape(tries)
  if (valueOf(families, 'app_requests_in_progress') + valueOf(families, 'app_connections_open') === 0) break
}
const counted = Object.fromEntries(
  samples(families, 'app_request_count_total').map(({ labels, value }) => [
    `${labels.method} ${labels.endpoint} ${labels.http_status}`,
    value,
  ]),
)
serviceProcess.disconnect()

const requests = sum(Object.values(sent))
for (const what of new Set([...Object.keys(sent), ...Object.keys(counted)])) {
  check(`${what} is counted as often as it was sent`, counted[what] ?? 0, sent[what] ?? 0)
}
check('latencies', countOf(families, 'app_request_latency_seconds'), requests)
check('requests in progress', valueOf(families, 'app_requests_in_progress'), 0)
check('open connections', valueOf(families, 'app_connections_open'), 0)
const aborted = (sent['GET /silent aborted'] ?? 0) + (sent['GET /endless 200'] ?? 0)
check('aborted requests', valueOf(families, 'app_requests_aborted_total'), aborted)
check('scrapes, by their own account', valueOf(families, 'narthex_scrapes_total'), scrapes.length - 1)
atMost('series of the count of requests', samples(families, 'app_request_count_total').length, 25)
atMost('times that a collector failed', valueOf(families, 'narthex_collector_failures_total'), 0)
checkMemory()

const times = scrapes.map(({ milliseconds }) => milliseconds)
console.log(`${requests} requests, ${Math.round(requests / took)} per second; ${aborted} left before the end`)
console.log(
  `${scrapes.length} scrapes of ${scrapes.at(-1).bytes} bytes: ${median(times).toFixed(1)} ms, ${Math.max(...times).toFixed(1)} ms at most`,
)
console.log(problems.length === 0 ? 'all is well' : problems.map((problem) => `WRONG: ${problem}`).join('\n'))
process.exitCode = problems.length === 0 ? 0 : 1

/** A script of this folder as a process. */
function start(script, args, execArgv = []) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, { execArgv })
  children.add(child)
  child.on('exit', (code) => {
    children.delete(child)
    if (code !== 0) throw new Error(`${script} has ended with ${code}`)
  })
  return child
}

async function answerOf(child) {
  const [answer] = await once(child, 'message')
  return answer
}

async function memoryOf() {
  const answer = answerOf(serviceProcess)
  serviceProcess.send('memory')
  return await answer
}

/** One scrape, read and checked; each in another format and coding. */
async function scrape(number) {
  const isOpenMetrics = number % 2 === 1
  const headers = {
    accept: isOpenMetrics ? 'application/openmetrics-text;version=1.0.0' : 'text/plain;version=0.0.4',
    'accept-encoding': ['gzip', 'identity', 'zstd, gzip'][number % 3],
    'x-prometheus-scrape-timeout-seconds': '10',
  }
  const start = performance.now()
  const [response] = await once(http.get(metrics, { headers, agent: false }), 'response')
  const text = decoded(response.headers['content-encoding'], await buffer(response)).toString()
  scrapes.push({ milliseconds: performance.now() - start, bytes: text.length })
  const families = isOpenMetrics ? parseOpenMetrics(text) : parseText(text)
  const requestsNow = sum(samples(families, 'app_request_count_total').map(({ value }) => value))
  if (!(requestsNow >= requestsBefore)) problems.push(`requests fell from ${requestsBefore} to ${requestsNow}`)
  requestsBefore = requestsNow
  return families
}

/** Not `fetch`, which does not know zstd on every Node. */
function decoded(coding, bytes) {
  if (coding === 'gzip') return zlib.gunzipSync(bytes)
  // The types are those of Node 20, which has no zstd.
  if (coding === 'zstd') return /** @type {any} */ (zlib).zstdDecompressSync(bytes)
  return bytes
}

function samples(families, name) {
  const family = families.find((each) => each.name === name)
  return family === undefined ? [] : [...samplesOf(family)]
}

/** Of all series together; 0 for a metric that is not there. */
function valueOf(families, name) {
  return sum(samples(families, name).map(({ value }) => value))
}

/** The observations in all series of a histogram. */
function countOf(families, name) {
  return sum(
    samples(families, name).map(({ value }) => (typeof value === 'object' && 'count' in value ? value.count : 0)),
  )
}

/** From the second quarter, which has no more of the start in it, to the last: nothing may grow. */
function checkMemory() {
  const quarter = Math.floor(memory.length / 4)
  if (quarter === 0) return
  const [before, after] = [memory.slice(quarter, 2 * quarter), memory.slice(-quarter)]
  for (const [part, slack] of Object.entries({ heapUsed: 1.05, external: 1.1, rss: 1.2 })) {
    const [was, is] = [before, after].map((times) => median(times.map((each) => each[part])))
    atMost(`MB of ${part}, from ${megabytes(was)}`, megabytes(is), megabytes(was * slack + 1e6))
  }
}

function check(what, is, shouldBe) {
  console.log(`${what}: ${is}`)
  if (is !== shouldBe) problems.push(`${what}: ${is}, not ${shouldBe}`)
}

function atMost(what, is, most) {
  console.log(`${what}: ${is}`)
  if (!(is <= most)) problems.push(`${what}: ${is}, more than ${most}`)
}

function total(counts) {
  const all = {}
  for (const each of counts) for (const [what, count] of Object.entries(each)) all[what] = (all[what] ?? 0) + count
  return all
}

function sum(numbers) {
  return numbers.reduce((one, other) => one + other, 0)
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}

function megabytes(bytes) {
  return Math.round(bytes / 1e5) / 10
}
