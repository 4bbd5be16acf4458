import type { MetricFamily } from '../model/metric-family.ts'
import { FORMATS, type FormatName } from './format.ts'
import type { WrittenBlocks } from './written-blocks.ts'

/** The bytes of a scrape, in blocks: send them one after the other, and leave them as they are. */
export interface Exposition {
  readonly contentType: string
  readonly byteLength: number
  readonly blocks: readonly Uint8Array[]
}

/** What {@link writeExposition} takes. */
export interface WriteOptions {
  /** The Prometheus text format by default. */
  readonly format?: FormatName
  /** What the scrape before this one wrote, in the same format. Keep it where a registry is scraped again and again. */
  readonly before?: WrittenBlocks
}

/** How long writing may hold up the event loop at a time, in milliseconds. */
const SLICE_MS = 2

/**
 * Writes families in a format. They are one instant, so the writing may pause and let the service go on with its requests.
 *
 * @example
 * ```ts
 * import { counter, defaultRegistry } from 'narthex'
 * import { writeExposition } from 'narthex/exposition'
 *
 * counter({ name: 'jobs', help: 'Jobs done.' }).inc()
 * const { contentType } = await writeExposition(await defaultRegistry.gather())
 * console.log(contentType) // text/plain; version=0.0.4; charset=utf-8
 * ```
 */
export async function writeExposition(
  families: Iterable<MetricFamily>,
  options: WriteOptions = {},
): Promise<Exposition> {
  const format = FORMATS[options.format ?? 'text']
  const blocks: Uint8Array[] = []
  let byteLength = 0
  let pausedAt = performance.now()
  for (const block of format.write(families, options.before)) {
    blocks.push(block)
    byteLength += block.length
    if (performance.now() - pausedAt < SLICE_MS) continue
    await pause()
    pausedAt = performance.now()
  }
  return { contentType: format.contentType, byteLength, blocks }
}

/** The whole exposition as text. */
export function textOf(exposition: Exposition): string {
  const decoder = new TextDecoder()
  return exposition.blocks.map((block) => decoder.decode(block, { stream: true })).join('') + decoder.decode()
}

/** Lets everything that waits have its turn. Where there is `setImmediate`, without the millisecond that a timer takes. */
function pause(): Promise<void> {
  const { setImmediate = setTimeout } = globalThis as { setImmediate?: (callback: () => void) => unknown }
  return new Promise((resolve) => void setImmediate(resolve))
}
