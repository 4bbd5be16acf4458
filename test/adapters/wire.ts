import { connect } from 'node:net'

/** A request as it goes over the wire. */
export function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')
}

/** Sends bytes, and leaves without a word when enough of the answer is there. */
export async function leaveAfter(port: number, bytes: string, enough: (answer: string) => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const leave = (): void => {
      if (!enough(answer)) return
      // By now the server has read all of it, and begun.
      setTimeout(() => socket.destroy(), 30)
    }
    socket.on('connect', leave).on('data', (data) => {
      answer += data.toString()
      leave()
    })
    socket.on('close', () => resolve()).on('error', reject)
  })
}
