import type { MetricFamily } from '../model/metric-family.ts'
import { FORMATS, type FormatName } from './format.ts'

/** The bytes of a scrape, in pieces: write them one after the other, and leave them as they are. */
export interface Exposition {
  readonly contentType: string
  readonly byteLength: number
  readonly blocks: readonly Uint8Array[]
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
 * const { contentType, byteLength } = await writeExposition(await defaultRegistry.gather())
 * console.log(contentType) // text/plain; version=0.0.4; charset=utf-8
 * ```
 */
export async function writeExposition(
  families: Iterable<MetricFamily>,
  options: { readonly format?: FormatName } = {},
): Promise<Exposition> {
  const format = FORMATS[options.format ?? 'text']
  const blocks: Uint8Array[] = []
  let byteLength = 0
  let paused = performance.now()
  for (const block of format.write(families)) {
    blocks.push(block)
    byteLength += block.length
    if (performance.now() - paused < SLICE_MS) continue
    await new Promise<void>((resolve) => void setTimeout(resolve))
    paused = performance.now()
  }
  return { contentType: format.contentType, byteLength, blocks }
}

/** The whole exposition as text. */
export function textOf(exposition: Exposition): string {
  const decoder = new TextDecoder()
  return exposition.blocks.map((block) => decoder.decode(block, { stream: true })).join('') + decoder.decode()
}
