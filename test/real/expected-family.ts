import { buckets, states, written, type HostileMetric } from './hostile-metric.ts'
import type { PythonFamily, PythonSample } from './python.ts'

/** What Python is to read, worked out from the text format's rules alone; labels and samples sorted. */
export function expectedFamily(metric: HostileMetric): PythonFamily {
  const { type, name, help, labelNames, series } = metric
  const withSuffix = (suffix: string): string => (name.endsWith(suffix) ? name : name + suffix)
  const base = { help: helpReadByPython(help), type: type === 'info' || type === 'stateset' ? 'gauge' : type, name }
  const rows = series.flatMap(({ labels, numbers }) => {
    const pairs = labelNames.map((label, i) => [label, written(labels[i]!)] as const)
    const sample = (suffix: string, value: number, ...more: [string, string][]): PythonSample => ({
      name: suffix === '_total' || suffix === '_info' ? withSuffix(suffix) : name + suffix,
      labels: [...pairs, ...more],
      // A zero is written without its sign, which means nothing to Prometheus: adding 0 takes the sign away.
      value: value + 0,
    })
    // Added one by one and from 0, as a sum is: the last digits depend on it.
    const sum = numbers.reduce((total, number) => total + number, 0)
    switch (type) {
      case 'counter':
        return [sample('_total', sum)]
      case 'gauge':
        return [sample('', numbers[0]!)]
      case 'histogram':
        return [
          ...buckets.map((bound) => sample('_bucket', numbers.filter((n) => n <= bound).length, ['le', String(bound)])),
          sample('_bucket', numbers.length, ['le', '+Inf']),
          sample('_count', numbers.length),
          sample('_sum', sum),
        ]
      case 'summary':
        return [sample('_count', numbers.length), sample('_sum', sum)]
      case 'info':
        return [sample('_info', 1)]
      case 'stateset':
        return states.map((state, i) => sample('', i === numbers[0] ? 1 : 0, [name, written(state)]))
    }
  })
  const readName = type === 'counter' ? name.replace(/_total$/, '') : type === 'info' ? withSuffix('_info') : name
  return sorted({ ...base, name: readName, samples: rows })
}

/** The family with its labels and its samples in one order, as the order means nothing. */
export function sorted(family: PythonFamily): PythonFamily {
  const samples = family.samples.map((sample) => ({
    ...sample,
    labels: sample.labels
      .map(([name, value]) => [name, name === 'le' ? bound(value) : value] as const)
      .toSorted(byText),
  }))
  return { ...family, samples: samples.toSorted((a, b) => byText([a.name, ...a.labels], [b.name, ...b.labels])) }
}

/** `1`, `1.0` and `1e0` are the same upper bound. */
function bound(le: string): string {
  return le === '+Inf' ? le : String(Number(le))
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Python's parser strips each line before it looks at it, and splits it at white space: white space at either end of a
 * help is lost there, save newlines, which are written as `\n`. Its white space is that of `str.isspace`.
 */
function helpReadByPython(help: string): string {
  const characters = written(help)
  let [start, end] = [0, characters.length]
  while (start < end && pythonWhiteSpace.has(characters[start]!)) start++
  while (end > start && pythonWhiteSpace.has(characters[end - 1]!)) end--
  return characters.slice(start, end)
}

const pythonWhiteSpace = new Set(
  '\t\v\f\r\x1C\x1D\x1E\x1F \x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A' +
    '\u2028\u2029\u202F\u205F\u3000',
)
