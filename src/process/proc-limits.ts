import { readProcFile } from './proc-file.ts'

/** Soft limits: those that the kernel enforces now. `Infinity` is unlimited, `undefined` is unknown. */
export interface ProcLimits {
  readonly openFiles: number | undefined
  readonly addressSpaceBytes: number | undefined
}

export async function readProcLimits(signal: AbortSignal): Promise<ProcLimits | undefined> {
  const text = await readProcFile('limits', signal)
  return text === undefined ? undefined : parseProcLimits(text)
}

/** @param text the content of a `/proc/<pid>/limits` */
export function parseProcLimits(text: string): ProcLimits {
  return {
    openFiles: softLimit(text, /^Max open files\s+(\d+|unlimited)\s/m),
    addressSpaceBytes: softLimit(text, /^Max address space\s+(\d+|unlimited)\s/m),
  }
}

function softLimit(text: string, row: RegExp): number | undefined {
  const limit = row.exec(text)?.[1]
  if (limit === undefined) return undefined
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}
