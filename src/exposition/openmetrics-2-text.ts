import { familySuffix } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { encode } from './byte-writer.ts'
import { sameNumbers } from './line-numbers.ts'
import { OpenMetrics2Rows } from './openmetrics-2-rows.ts'
import { END, metadataOf, targetFirst } from './openmetrics-text.ts'
import { stateLines, textLayout, type MakeLayout, type TextLayout } from './text-layout.ts'
import { chunksOf, rewritten, writer } from './text-rows.ts'
import type { WriterOptions } from './writer-options.ts'
import { anyUnit } from './written-unit.ts'

/** The media type of OpenMetrics 2.0 as text (conformance P1). */
export const OPENMETRICS_2_TEXT_TYPE = 'application/openmetrics-text; version=2.0.0; charset=utf-8'

/** What is written is handed on when there is about so much of it. */
const BLOCK_BYTES = 16_384

/**
 * Writes families as OpenMetrics 2.0 text (conformance P1–P10), block by block. An experiment: the format is not final,
 * version 2.0.0-rc0, and no server asks for it yet. It takes nothing from the scrape before.
 */
export function* writeOpenMetrics2Text(
  families: Iterable<MetricFamily>,
  { makeLayout = textLayout }: WriterOptions = {},
): Generator<Uint8Array, void, undefined> {
  /** Where the next row goes. All before it is handed on before every pause: the writer is everybody's. */
  let at = writer.start
  for (const family of targetFirst(families)) {
    const layout = layoutOf(family, makeLayout)
    const rows = new OpenMetrics2Rows(family, layout)
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
  yield encode(END)
}

/** A line for each series, and one for each state of a state set. */
function layoutOf(family: MetricFamily, makeLayout: MakeLayout): TextLayout {
  const name = nameOf(family)
  const lines = family.type === 'stateset' ? stateLines(name, family.states) : [[name] as const]
  const head = (quoted: string): string => metadataOf(family, quoted, anyUnit(family))
  return makeLayout(name, head, family.labelNames, lines, sameNumbers)
}

/**
 * The name on every line (conformance P2); that of an info has to end as it does, also where somebody built it by hand.
 */
function nameOf({ name, type }: MetricFamily): string {
  return type !== 'info' || name.endsWith(familySuffix(type)) ? name : name + familySuffix(type)
}
