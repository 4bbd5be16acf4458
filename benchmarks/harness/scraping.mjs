import { FLOOR, load } from './contestants.mjs'
import { Service } from '../workloads/service.mjs'

/**
 * A service of that size on a contestant, before its first scrape.
 *
 * @param {string} contestant
 * @param {import('../workloads/service.mjs').Size} size
 */
export async function serviceOn(contestant, size) {
  const open = contestant === FLOOR ? (await import('../floors/line-copier.mjs')).open : await load(contestant)
  const service = new Service(open(), size)
  // What setting up left behind is nobody's garbage.
  globalThis.gc()
  return service
}

/**
 * What some work takes until its end: by the clock, and of the processor on all threads.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, milliseconds: number, cpuMilliseconds: number }>}
 */
export async function timed(work) {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const result = await work()
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  const { user, system } = process.cpuUsage(cpu)
  return { result, milliseconds, cpuMilliseconds: (user + system) / 1000 }
}
