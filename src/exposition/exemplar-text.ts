import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar } from '../model/exemplar.ts'
import { underscoredLabel } from '../model/names.ts'
import { escapeLabelValue } from './escape.ts'
import { formatSeconds, formatValue } from './number.ts'

/**
 * An exemplar as it stands behind a sample in OpenMetrics 1.0: ` # {trace_id="a"} 0.5 1690000000.5`. Empty if it may not
 * stand there: its labels are too long, or one is there twice, or its value is none.
 *
 * @param written how the name of a label stands in the format
 */
export function exemplarText(
  { labels, value, timestampMs }: Exemplar,
  written: (name: string) => string = underscoredLabel,
): string {
  const pairs = Object.entries(labels)
  if (codePointsOf(pairs) > EXEMPLAR_CODE_POINTS || Number.isNaN(value)) return ''
  const set = new Map(pairs.map(([name, text]) => [written(name), escapeLabelValue(text)]))
  if (set.size < pairs.length) return ''
  const inBraces = Array.from(set, ([name, text]) => `${name}="${text}"`).join(',')
  return ` # {${inBraces}} ${formatValue(value)}${timestampMs === undefined ? '' : ` ${formatSeconds(timestampMs)}`}`
}
