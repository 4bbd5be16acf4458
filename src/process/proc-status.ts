import { readProcFile } from './proc-file.ts'

/** What the collectors need of `/proc/self/status`; `undefined` where the kernel does not say. */
export interface ProcStatus {
  readonly virtualMemoryBytes: number | undefined
  readonly residentMemoryBytes: number | undefined
  /** The private writable memory: V8's heap, the C++ heap, buffers and the stacks of threads. */
  readonly dataBytes: number | undefined
  readonly threads: number | undefined
}

/**
 * Reads `/proc/self/status`, not `/proc/self/stat`: it names its fields, and gives memory in kB where `stat` gives
 * pages, whose size a JavaScript program cannot know (4, 16 or 64 kB).
 */
export async function readProcStatus(signal: AbortSignal): Promise<ProcStatus | undefined> {
  const text = await readProcFile('status', signal)
  return text === undefined ? undefined : parseProcStatus(text)
}

/** @param text the content of a `/proc/<pid>/status` */
export function parseProcStatus(text: string): ProcStatus {
  return {
    virtualMemoryBytes: kibibytes(text, /^VmSize:\s+(\d+) kB$/m),
    residentMemoryBytes: kibibytes(text, /^VmRSS:\s+(\d+) kB$/m),
    dataBytes: kibibytes(text, /^VmData:\s+(\d+) kB$/m),
    threads: integer(text, /^Threads:\s+(\d+)$/m),
  }
}

function kibibytes(text: string, field: RegExp): number | undefined {
  const value = integer(text, field)
  return value === undefined ? undefined : value * 1024
}

/** The kernel escapes newlines in the process name, so only a field of its own can begin a line. */
function integer(text: string, field: RegExp): number | undefined {
  const digits = field.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
