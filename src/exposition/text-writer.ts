import type { MetricFamily } from '../model/metric-family.ts'
import { textLayout, type MakeLayout, type TextLayout } from './text-layout.ts'
import { chunksOf, rewritten, TextRows, written } from './text-rows.ts'
import type { WriterOptions } from './writer-options.ts'

/** What is not kept is handed on when there is about so much of it. */
const BLOCK_BYTES = 16_384

/**
 * Writes families in a text format, block by block. The caller may pause between two blocks, and other expositions be
 * written meanwhile.
 *
 * @param layoutOf what the format says of a family
 * @param before will hold what this scrape writes
 */
export function* writeText(
  families: Iterable<MetricFamily>,
  layoutOf: (family: MetricFamily, makeLayout: MakeLayout) => TextLayout,
  { before, makeLayout = textLayout }: WriterOptions,
): Generator<Uint8Array, void, undefined> {
  const names = new Set<string>()
  /** Bytes that are written, but not handed on. Handed on before every pause: the writer's memory is everybody's. */
  let pending = 0
  for (const family of families) {
    names.add(family.name)
    const layout = before?.layoutOf(family) ?? layoutOf(family, makeLayout)
    if (before?.keeps(family, layout) === true) {
      if (pending > 0) yield written(pending)
      pending = 0
      // The same bytes at every scrape: not copied, nor compressed again (questions small-scrape and quiet-scrape-gzip).
      yield layout.head
      yield* before.write(family, layout)
      continue
    }
    pending = rewritten(pending, layout.head, 0, layout.head.length)
    const rows = new TextRows(family, layout)
    for (const { chunk, end } of chunksOf(family)) {
      for (let row = 0; row < end; row++) {
        pending = rows.write(pending, chunk, row)
        if (pending < BLOCK_BYTES) continue
        yield written(pending)
        pending = 0
      }
    }
  }
  if (pending > 0) yield written(pending)
  before?.keepOnly(names)
}
