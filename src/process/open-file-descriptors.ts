import { opendir, stat } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { hasProc, unlessUnavailable } from './proc-file.ts'
import type { ProcessCollector, ProcessCollectorOptions } from './process-collector.ts'
import { scalarCollector } from './scalar-collector.ts'

/** The open files, sockets and pipes of the process. Linux only. */
export function openFileDescriptors({ prefix }: ProcessCollectorOptions): ProcessCollector | undefined {
  if (!hasProc) return undefined
  const folder = new DescriptorFolder('/proc/self/fd', () => performance.now())
  let open: number | undefined
  return scalarCollector({
    prefix,
    metrics: { process_open_fds: { type: 'gauge', help: 'Number of open file descriptors.' } },
    async refresh() {
      open = await unlessUnavailable(folder.count())
    },
    read: () => ({ process_open_fds: open }),
  })
}

/** How long a count that had to look at every entry is good for. */
const RECOUNT_AFTER_MS = 30_000

/**
 * Counts the entries of `/proc/self/fd`, but never in proportion to them at each scrape.
 *
 * Since Linux 6.2 the size of that folder is the number of open descriptors (its commit f1f1f2569901): one system call,
 * however many there are. Older kernels say 0. There the entries are counted in small portions between which the event
 * loop goes on, at most once in {@link RECOUNT_AFTER_MS}, and the scrapes until then are given that count.
 */
export class DescriptorFolder {
  readonly #path: string
  readonly #now: () => number
  #counted: { readonly atMs: number; readonly entries: Promise<number> } | undefined

  /** @param now milliseconds of a clock that never goes back */
  constructor(path: string, now: () => number) {
    this.#path = path
    this.#now = now
  }

  async count(): Promise<number> {
    const { size } = await stat(this.#path)
    return size > 0 ? size : this.#recentCount()
  }

  #recentCount(): Promise<number> {
    const now = this.#now()
    if (this.#counted !== undefined && now - this.#counted.atMs < RECOUNT_AFTER_MS) return this.#counted.entries
    const counted = { atMs: now, entries: countEntries(this.#path) }
    this.#counted = counted
    // A failure is told to who asked, and is no count to serve again.
    counted.entries.catch(() => (this.#counted = undefined))
    return counted.entries
  }
}

async function countEntries(path: string): Promise<number> {
  let entries = 0
  for await (const _ of await opendir(path)) entries++
  // Reading the folder took a descriptor, which was listed too.
  return entries - 1
}
