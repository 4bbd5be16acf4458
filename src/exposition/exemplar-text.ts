import { codePointsOf, EXEMPLAR_CODE_POINTS, type Exemplar } from '../model/exemplar.ts'
import { escapeLabelValue } from './escape.ts'
import { formatSeconds, formatValue } from './number.ts'

/**
 * An exemplar as it stands behind a sample in OpenMetrics 1.0: ` # {trace_id="a"} 0.5 1690000000.5`. Empty if it may
 * not stand there: its labels are too long, or one is there twice, or its value is none.
 *
 * @param written how the name of a label stands in the format
 */
export function exemplarText(exemplar: Exemplar, written: (name: string) => string): string {
  return codePointsOf(Object.entries(exemplar.labels)) > EXEMPLAR_CODE_POINTS ? '' : anyLength(exemplar, written)
}

/** The same in OpenMetrics 2.0, where its labels are as long as they are, and its time is known (conformance P6). */
export function timedExemplarText(exemplar: Exemplar, written: (name: string) => string): string {
  return exemplar.timestampMs === undefined ? '' : anyLength(exemplar, written)
}

function anyLength({ labels, value, timestampMs }: Exemplar, written: (name: string) => string): string {
  const pairs = Object.entries(labels)
  const set = new Map(pairs.map(([name, text]) => [written(name), escapeLabelValue(text)]))
  if (set.size < pairs.length || Number.isNaN(value)) return ''
  const inBraces = Array.from(set, ([name, text]) => `${name}="${text}"`).join(',')
  return ` # {${inBraces}} ${formatValue(value)}${timestampMs === undefined ? '' : ` ${formatSeconds(timestampMs)}`}`
}
