import { readFile } from 'node:fs/promises'
import process from 'node:process'

/** Whether the platform describes its processes in files under `/proc`, in the words of Linux. */
export const hasProc: boolean = process.platform === 'linux' || process.platform === 'android'

/** Not mounted, hidden, or not allowed; the last two by the permissions of Node and of Deno. */
const UNAVAILABLE = new Set(['ENOENT', 'EACCES', 'EPERM', 'ERR_ACCESS_DENIED', 'NotCapable'])

/** What `/proc/self/<name>` says of this process; `undefined` if the platform does not tell. */
export async function readProcFile(name: string, signal: AbortSignal): Promise<string | undefined> {
  return hasProc ? unlessUnavailable(readFile(`/proc/self/${name}`, { encoding: 'utf8', signal })) : undefined
}

/** The result; `undefined` if what was asked for is not available. Other failures stay failures. */
export async function unlessUnavailable<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    if (UNAVAILABLE.has(code ?? name)) return undefined
    throw error
  }
}
