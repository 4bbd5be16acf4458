import { connect } from 'node:net'

const CONNECTIONS = 16

/** A client of a service on this machine: connections that stay, each with one request at a time. */
export class KeepAliveLoad {
  #sockets

  /** @param {import('node:net').Socket[]} sockets */
  constructor(sockets) {
    this.#sockets = sockets
  }

  /** @param {number} port */
  static async open(port) {
    return new KeepAliveLoad(await Promise.all(Array.from({ length: CONNECTIONS }, () => connected(port))))
  }

  /**
   * Sends requests until there are none, and waits for the end of the last answer.
   *
   * @param {Buffer[]} requests
   */
  async send(requests) {
    let next = 0
    await Promise.all(
      this.#sockets.map(async (socket) => {
        while (next < requests.length) await answered(socket, requests[next++])
      }),
    )
  }

  close() {
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** @returns {Promise<import('node:net').Socket>} */
async function connected(port) {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject)
    socket.setNoDelay(true)
  })
}

async function answered(socket, request) {
  await new Promise((resolve, reject) => {
    let answer = ''
    const take = (data) => {
      answer += data.latin1Slice(0, data.length)
      if (answer.length < lengthOf(answer)) return
      socket.off('data', take)
      socket.off('close', reject)
      resolve()
    }
    socket.on('data', take)
    socket.once('close', reject)
    socket.write(request)
  })
}

/** Of head and body, by the headers: every service of the questions sends the length. */
function lengthOf(answer) {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return Infinity
  return head + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1] ?? Number.NaN)
}
