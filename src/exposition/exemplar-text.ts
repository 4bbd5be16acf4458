import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar } from '../model/exemplar.ts'
import { escapeLabelValue } from './escape.ts'
import { formatSeconds, formatValue } from './number.ts'

/**
 * An exemplar as it stands behind a sample in OpenMetrics 1.0: ` # {trace_id="a"} 0.5 1690000000.5`. Empty if it may not
 * stand there: its labels are too long, or its value is none.
 */
export function exemplarText({ labels, value, timestampMs }: Exemplar): string {
  const pairs = Object.entries(labels)
  if (codePointsOf(pairs) > EXEMPLAR_CODE_POINTS || Number.isNaN(value)) return ''
  const set = pairs.map(([name, text]) => `${name}="${escapeLabelValue(text)}"`).join(',')
  return ` # {${set}} ${formatValue(value)}${timestampMs === undefined ? '' : ` ${formatSeconds(timestampMs)}`}`
}
