import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { KeepAliveLoad } from './keep-alive-load.mjs'

const PROGRAM = fileURLToPath(new URL('service-process.mjs', import.meta.url))

/** A service in a process of its own, and the load on it. */
export class Service {
  #process
  #load

  /** Only for {@link start}. */
  constructor(child, load) {
    this.#process = child
    this.#load = load
  }

  /** @param {string} name of `services/` */
  static async start(name, contestant) {
    const child = fork(PROGRAM, [name, contestant], {
      env: { ...process.env, NODE_ENV: 'production' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const [port] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`The service ${name} with ${contestant} did not start: exit code ${code}`)
      }),
    ])
    return new Service(child, await KeepAliveLoad.open(port))
  }

  /** Sends requests. @returns {Promise<number>} how much CPU the service took for each of them, in nanoseconds */
  async cpuOf(requests) {
    const before = await this.#ask('cpu')
    await this.#load.send(requests)
    const after = await this.#ask('cpu')
    return ((after - before) * 1000) / requests.length
  }

  /** @returns {Promise<string>} its exposition */
  async scrape() {
    return await this.#ask('scrape')
  }

  stop() {
    this.#load.close()
    this.#process.kill()
  }

  async #ask(question) {
    this.#process.send(question)
    const [answer] = await once(this.#process, 'message')
    return answer
  }
}
