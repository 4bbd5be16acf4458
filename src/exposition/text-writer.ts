import type { MetricFamily } from '../model/metric-family.ts'
import { textLayout, type MakeLayout, type TextLayout } from './text-layout.ts'
import { chunksOf, rewritten, TextRows, writer } from './text-rows.ts'
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
export function writeText(
  families: Iterable<MetricFamily>,
  layoutOf: (family: MetricFamily, makeLayout: MakeLayout) => TextLayout,
  { before, into, makeLayout = textLayout }: WriterOptions,
): Generator<Uint8Array, void, undefined> {
  const layout = (family: MetricFamily): TextLayout => layoutOf(family, makeLayout)
  return before === undefined ? writeAll(families, layout) : before.write(families, layout, into)
}

function* writeAll(
  families: Iterable<MetricFamily>,
  layoutOf: (family: MetricFamily) => TextLayout,
): Generator<Uint8Array, void, undefined> {
  /** Where the next row goes. All before it is handed on before every pause: the writer is everybody's. */
  let at = writer.start
  for (const family of families) {
    const layout = layoutOf(family)
    const rows = new TextRows(family, layout)
    at = rewritten(at, layout.head, 0, layout.head.length)
    for (const { chunk, end } of chunksOf(family)) {
      for (let row = 0; row < end; row++) {
        at = rows.write(at, chunk, row)
        if (at - writer.start < BLOCK_BYTES) continue
        yield writer.take(at)
        at = writer.start
      }
    }
  }
  if (at > writer.start) yield writer.take(at)
}
