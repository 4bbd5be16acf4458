import { gzipSync } from 'node:zlib'
import { CLIENTS, NARTHEX } from '../harness/contestants.mjs'
import { countedIn } from '../harness/digest.mjs'
import { serviceOn, timed } from '../harness/scraping.mjs'
import { median } from '../harness/stopwatch.mjs'
import { largeService } from '../workloads/large-service.mjs'

/** The formats by what they are called in figures; of rivals, the text that they write unless told otherwise. */
const FORMATS = {
  text: 'text',
  openmetrics: 'OpenMetrics 1.0',
  'openmetrics-2': 'OpenMetrics 2.0',
  protobuf: 'protobuf',
}
const WARM_UP = 2

/**
 * What the same families cost in each format, written afresh: nothing is kept from one scrape for the next.
 *
 * @type {import('../harness/questions.mjs').Question}
 */
export const question = {
  name: 'exposition-formats',
  figures: Object.entries(FORMATS).flatMap(([format, words]) => [
    {
      name: `${format}-exposition`,
      asks: `100,000 counters and 10,000 histograms written in ${words}, time of the processor`,
      unit: 'ms',
    },
    { name: `${format}-exposition-size`, asks: `size of that in ${words}`, unit: 'kB' },
    { name: `${format}-exposition-gzip-size`, asks: `size of that in ${words}, gzipped`, unit: 'kB' },
  ]),
  contestants: CLIENTS,
  rounds: { full: 3, quick: 1 },
  async answer({ contestant, quick }) {
    const service = await serviceOn(contestant, largeService(quick).size)
    const scrapeIn = (format) => () => (contestant === NARTHEX ? service.scrapeIn(format) : service.scrape())
    const text = await measured('text', quick, scrapeIn('text'))
    const { figures } = text
    for (const format of contestant === NARTHEX ? Object.keys(FORMATS).slice(1) : []) {
      const other = await measured(format, quick, scrapeIn(format))
      Object.assign(figures, other.figures)
      await checkSame(format, other.blocks, text.blocks)
    }
    return { figures, counted: countedIn(text.blocks) }
  },
}

async function measured(format, quick, scrape) {
  const times = []
  let blocks
  for (let i = 0; i < WARM_UP + (quick ? 2 : 5); i++) {
    globalThis.gc()
    const { result, cpuMilliseconds } = await timed(scrape)
    if (i >= WARM_UP) times.push(cpuMilliseconds)
    blocks = result
  }
  const bytes = Buffer.concat(blocks)
  const figures = {
    [`${format}-exposition`]: median(times),
    [`${format}-exposition-size`]: bytes.length / 1000,
    [`${format}-exposition-gzip-size`]: gzipSync(bytes).length / 1000,
  }
  return { figures, blocks }
}

/** A figure is worth something only if all formats say the same. @throws {Error} if one that can be read does not */
async function checkSame(format, blocks, text) {
  const { parseOpenMetrics, parseProtobuf, writePrometheusText } = await import('narthex/exposition')
  const parse = { openmetrics: parseOpenMetrics, protobuf: parseProtobuf }[format]
  if (parse === undefined) return
  const [read, written] = [countedIn([...writePrometheusText(parse(blocks))]), countedIn(text)]
  if (JSON.stringify(read) === JSON.stringify(written)) return
  throw new Error(`In ${format} stands ${JSON.stringify(read)}, and as text ${JSON.stringify(written)}`)
}
