import { connect } from 'node:net'

/** A request as it goes over the wire. */
export function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')
}

/**
 * Sends bytes, and leaves without a word when enough of the answer is there.
 *
 * @param before what the connection has been used for: a request for `a user`, whose answer has come
 */
export async function leaveAfter(
  port: number,
  bytes: string,
  enough: (answer: string) => boolean,
  before: string = '',
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let answer = ''
    let sent = before === ''
    const socket = connect(port, '127.0.0.1', () => socket.write(sent ? bytes : before))
    const leave = (): void => {
      if (!sent || !enough(answer)) return
      // By now the server has read all of it, and begun.
      setTimeout(() => socket.destroy(), 30)
    }
    socket.on('connect', leave).on('data', (data) => {
      answer += data.toString()
      if (!sent && answer.includes('a user')) {
        sent = true
        answer = ''
        socket.write(bytes)
      }
      leave()
    })
    socket.on('close', () => resolve()).on('error', reject)
  })
}
