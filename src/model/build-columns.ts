import type { Exemplar, RowExemplars } from './exemplar.ts'
import type { HistogramValue } from './histogram-value.ts'
import type { Sample } from './sample.ts'
import type { SeriesChunk, SeriesColumns } from './series-columns.ts'

/**
 * The columns of rows that were checked.
 *
 * @param rows the numbers of each sample
 * @param upperBounds of the buckets, which its exemplars are put in; without bounds there is one place
 */
export function columnsOf(
  labelNames: readonly string[],
  samples: readonly Sample[],
  width: number,
  rows: readonly (readonly number[])[],
  upperBounds: readonly number[] = [],
): SeriesColumns {
  const labelValues: string[] = ['']
  const idOf = new Map<string, number>()
  const values = new Float64Array(rows.length * width)
  const labelIds = new Uint32Array(rows.length * labelNames.length)
  for (const [row, sample] of samples.entries()) {
    values.set(rows[row]!, row * width)
    for (const [i, name] of labelNames.entries()) {
      if (!Object.hasOwn(sample.labels, name)) continue
      const text = sample.labels[name]!
      let id = idOf.get(text)
      if (id === undefined) idOf.set(text, (id = labelValues.push(text) - 1))
      labelIds[row * labelNames.length + i] = id
    }
  }
  return inOneChunk(width, rows.length, { values, labelIds, ...rareColumns(samples, upperBounds) }, labelValues)
}

/** Columns of a chunk that has all rows: the next power of two holds them. */
export function inOneChunk(
  width: number,
  rowCount: number,
  chunk: SeriesChunk,
  labelValues: readonly string[],
): SeriesColumns {
  return { width, rowCount, chunkRows: 2 ** Math.ceil(Math.log2(Math.max(1, rowCount))), chunks: [chunk], labelValues }
}

/** What a chunk has only where a sample has it. */
function rareColumns(samples: readonly Sample[], upperBounds: readonly number[]): Partial<SeriesChunk> {
  const timestampsMs = times(samples.map((sample) => sample.timestampMs))
  const startTimestampsMs = times(samples.map((sample) => sample.startTimestampMs))
  const exemplars = samples.map((sample) => placedExemplars(sample.exemplars ?? [], upperBounds))
  const native = samples.map(({ value }) => (value as Partial<HistogramValue>).native)
  return {
    ...(timestampsMs && { timestampsMs }),
    ...(startTimestampsMs && { startTimestampsMs }),
    ...(exemplars.some((each) => each !== undefined) && { exemplars }),
    ...(native.some((each) => each !== undefined) && { native }),
  }
}

function times(ofSamples: readonly (number | undefined)[]): Float64Array | undefined {
  return ofSamples.every((time) => time === undefined)
    ? undefined
    : Float64Array.from(ofSamples, (time) => time ?? Number.NaN)
}

/** The exemplars by column: each in the bucket that its value is in, the last one of each. */
export function placedExemplars(
  exemplars: readonly Exemplar[],
  upperBounds: readonly number[],
): RowExemplars | undefined {
  if (exemplars.length === 0) return undefined
  const columns: RowExemplars[number][] = [...upperBounds.map(() => undefined), undefined]
  for (const exemplar of exemplars) {
    const bucket = upperBounds.findIndex((bound) => exemplar.value <= bound)
    columns[bucket === -1 ? upperBounds.length : bucket] = exemplar
  }
  return columns
}
