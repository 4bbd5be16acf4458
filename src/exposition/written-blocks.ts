import type { MetricFamily } from '../model/metric-family.ts'
import type { TextLayout } from './text-layout.ts'

/** Some rows of a family as they were written. Never changed: a response may still be sending the bytes. */
export interface WrittenBlock {
  readonly bytes: Uint8Array
  /** Where each row ends in `bytes`. */
  readonly ends: Uint32Array
  /** The bits of the numbers that were written, two words each. */
  readonly numbers: Uint32Array
  /** The labels of the chunk: the same array means the same labels, see `SeriesColumns`. */
  readonly labelIds: Uint32Array
}

/** What was written of a family. */
export interface WrittenFamily {
  readonly layout: TextLayout
  /** In order; empty if the family is too small to be worth it. */
  readonly blocks: readonly WrittenBlock[]
}

/** Bytes that are kept at most, unless told otherwise. */
const DEFAULT_LIMIT = 128 * 1024 * 1024

/**
 * What the last scrape wrote, in one format, so that the next one can take what has not changed from there.
 *
 * The next scrape compares its numbers with those that were written, so this costs recording nothing, and the exposition
 * is byte for byte the one that would be written afresh.
 */
export class WrittenBlocks {
  readonly #limit: number
  readonly #families: Map<string, WrittenFamily & { readonly shape: Shape; readonly size: number }> = new Map()
  #size = 0

  /** @param limit how much memory may be kept, in bytes: 128 MiB by default */
  constructor(limit: number = DEFAULT_LIMIT) {
    this.#limit = limit
  }

  /** The memory that is kept, in bytes. */
  get byteLength(): number {
    return this.#size
  }

  /** What was written of a family of that shape. */
  of(family: MetricFamily): WrittenFamily | undefined {
    const known = this.#families.get(family.name)
    return known !== undefined && isSame(known.shape, shapeOf(family)) ? known : undefined
  }

  /** Keeps what was written of a family, or only its layout if the rest is too much. */
  keep(family: MetricFamily, { layout, blocks }: WrittenFamily): void {
    this.#forget(family.name)
    const size = blocks.reduce((sum, block) => sum + sizeOf(block), 0)
    const fits = this.#size + size <= this.#limit
    this.#families.set(family.name, {
      shape: shapeOf(family),
      layout,
      blocks: fits ? blocks : [],
      size: fits ? size : 0,
    })
    this.#size += fits ? size : 0
  }

  /** Forgets the families that are not among those. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#families.keys()) if (!names.has(name)) this.#forget(name)
  }

  #forget(name: string): void {
    this.#size -= this.#families.get(name)?.size ?? 0
    this.#families.delete(name)
  }
}

/** All of a family that its layout is made of. Lists are compared by reference: those of a metric are always the same. */
type Shape = readonly unknown[]

function shapeOf(family: MetricFamily): Shape {
  const { type, help, unit, labelNames } = family
  switch (family.type) {
    case 'counter':
    case 'gauge':
    case 'info':
    case 'unknown':
      return [type, help, unit, labelNames]
    case 'histogram':
    case 'gaugehistogram':
      return [type, help, unit, labelNames, family.upperBounds]
    case 'summary':
      return [type, help, unit, labelNames, family.quantiles]
    case 'stateset':
      return [type, help, unit, labelNames, family.states]
  }
}

function isSame(one: Shape, other: Shape): boolean {
  return one.length === other.length && one.every((part, i) => part === other[i])
}

function sizeOf({ bytes, ends, numbers }: WrittenBlock): number {
  return bytes.byteLength + ends.byteLength + numbers.byteLength
}
