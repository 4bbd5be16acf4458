import type { SeriesChunk } from '../model/series-columns.ts'
import { encode } from './byte-writer.ts'
import { exemplarText } from './exemplar-text.ts'
import type { FillNumbers, RowAdditions } from './text-layout.ts'

/**
 * What OpenMetrics 1.0 says of a row besides its numbers: exemplars, and the start of the series.
 *
 * @param exemplarLines how many lines may have an exemplar: each that of the column with its number
 * @param startLine whether the last line is the start of the series; it is left out where that is not known
 */
export function openMetricsAdditions(exemplarLines: number, startLine: boolean): RowAdditions {
  return (chunk, row, numbers, labelName) => {
    const lines = startLine && !putStart(chunk, row, numbers) ? numbers.length - 1 : numbers.length
    const exemplars = chunk.exemplars?.[row]
    if (exemplars === undefined && lines === numbers.length) return undefined
    const behind = (exemplars ?? [])
      .slice(0, exemplarLines)
      .map((each) => each && encode(exemplarText(each, labelName)))
    return { lines, behind, bytes: behind.reduce((sum, each) => sum + (each?.length ?? 0), 0) }
  }
}

/** Fills in the numbers of all lines but the last, that of the start. */
export function allButStart(fill: FillNumbers): FillNumbers {
  // The same numbers are filled in again and again: those of all lines, and what they are without the last.
  let all: Float64Array | undefined
  let recorded: Float64Array = new Float64Array()
  return (values, at, into) => {
    if (into !== all) recorded = into.subarray(0, -1)
    all = into
    fill(values, at, recorded)
  }
}

/** Fills in the number of the last line. @returns whether it is known */
function putStart(chunk: SeriesChunk, row: number, numbers: Float64Array): boolean {
  const seconds = (chunk.startTimestampsMs?.[row] ?? Number.NaN) / 1000
  numbers[numbers.length - 1] = seconds
  return !Number.isNaN(seconds)
}
