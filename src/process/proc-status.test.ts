import { expect, test } from 'vitest'
import { parseProcStatus } from './proc-status.ts'

/** As Linux 6 writes it, without the lines in which nobody here is interested. */
function status(name: string): string {
  return `Name:\t${name}
Umask:\t0022
State:\tS (sleeping)
Pid:\t4711
FDSize:\t64
VmPeak:\t 1100000 kB
VmSize:\t 1048576 kB
VmHWM:\t   70000 kB
VmRSS:\t   65536 kB
RssAnon:\t   20000 kB
VmData:\t  131072 kB
VmStk:\t     132 kB
Threads:\t11
SigQ:\t0/96365
`
}

test('memory and threads are read, in bytes and as a count', () => {
  expect(parseProcStatus(status('node'))).toEqual({
    virtualMemoryBytes: 1024 ** 3,
    residentMemoryBytes: 64 * 1024 ** 2,
    dataBytes: 128 * 1024 ** 2,
    threads: 11,
  })
})

test.each([') (', 'node) S 1 (x', 'VmRSS:\t1 kB', 'a\\nVmRSS:\\t1 kB\\nThreads:\\t1', 'Threads:'])(
  'a process called %j changes nothing',
  (name) => {
    expect(parseProcStatus(status(name))).toEqual(parseProcStatus(status('node')))
  },
)

test('what a kernel does not say is unknown, not zero', () => {
  expect(parseProcStatus('Name:\tkthreadd\nState:\tS (sleeping)\nThreads:\t1\n')).toEqual({
    virtualMemoryBytes: undefined,
    residentMemoryBytes: undefined,
    dataBytes: undefined,
    threads: 1,
  })
  expect(parseProcStatus('').threads).toBeUndefined()
})
