import { MetricError, shown } from '../errors.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { escapedFamilies } from './escaped-families.ts'
import { formatNamed, type FormatName } from './format.ts'
import { ESCAPINGS, isEscaping, type Escaping } from './name-escaping.ts'
import { answerIn } from './negotiate.ts'
import { quotedLayout } from './quoted-layout.ts'
import { TimeSlices } from './time-slices.ts'
import type { WriterOptions } from './writer-options.ts'

/** The bytes of a scrape, in blocks: send them one after the other, and leave them as they are. */
export interface Exposition {
  readonly contentType: string
  readonly byteLength: number
  readonly blocks: readonly Uint8Array[]
}

/** It takes so many bytes, about, to look at the clock. */
const CHECKED_BYTES = 65_536

/** What {@link writeExposition} takes. */
export interface WriteOptions extends WriterOptions {
  /** The Prometheus text format by default. */
  readonly format?: FormatName
  /** How names are written that not every server accepts: `underscores` by default. */
  readonly escaping?: Escaping
}

/**
 * Writes families in a format. They are one instant, so the writing may pause and let the service go on with its
 * requests.
 *
 * @throws {MetricError} `INVALID_OPTION` if there is no such format, or no such escaping
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
  const { format: name = 'text', escaping } = options
  const format = formatNamed(name)
  const { contentType } = answerIn(name, checkedEscaping(escaping))
  const named = escapedFamilies(families, escaping ?? 'underscores')
  const blocks: Uint8Array[] = []
  const given = { ...options, into: blocks, ...(escaping === 'allow-utf-8' && { makeLayout: quotedLayout }) }
  const slices = new TimeSlices()
  let unchecked = 0
  for (const block of format.write(named, given)) {
    if (block.length > 0) {
      blocks.push(block)
      // The clock costs more than the lines of a small family.
      unchecked += block.length
      if (unchecked < CHECKED_BYTES) continue
      unchecked = 0
    }
    if (slices.isOver) await slices.pause()
  }
  return { contentType, byteLength: lengthOf(blocks), blocks }
}

function checkedEscaping(escaping: Escaping | undefined): Escaping | undefined {
  if (escaping === undefined || isEscaping(escaping)) return escaping
  throw new MetricError('INVALID_OPTION', `There is no escaping ${shown(escaping)}: ${ESCAPINGS.join(', ')} are known.`)
}

/** The whole exposition as text. */
export function textOf(exposition: Exposition): string {
  const decoder = new TextDecoder()
  return exposition.blocks.map((block) => decoder.decode(block, { stream: true })).join('') + decoder.decode()
}

/** The whole exposition as one array of bytes. */
export function bytesOf({ blocks, byteLength }: Pick<Exposition, 'blocks' | 'byteLength'>): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  let at = 0
  for (const block of blocks) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}

/** How many bytes blocks have. */
export function lengthOf(blocks: readonly Uint8Array[]): number {
  let length = 0
  for (let i = 0; i < blocks.length; i++) length += blocks[i]!.length
  return length
}
