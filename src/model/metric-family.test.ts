import { expect, test } from 'vitest'
import { samplesOf, type MetricFamily } from './metric-family.ts'
import { REMOVED } from './series-columns.ts'

test('the rows of a family leave out the series that were removed, and run over all chunks', () => {
  const family: MetricFamily = {
    name: 'x_total',
    help: 'X.',
    type: 'counter',
    unit: '',
    labelNames: ['a', 'b'],
    columns: {
      width: 1,
      rowCount: 5,
      chunkRows: 2,
      chunks: [
        { values: Float64Array.of(10, 11), labelIds: Uint32Array.of(1, 2, REMOVED, 2) },
        { values: Float64Array.of(12, 13), labelIds: Uint32Array.of(2, 0, 0, 1) },
        // Memory beyond the last row belongs to no series.
        { values: Float64Array.of(14, 99), labelIds: Uint32Array.of(2, 2, 1, 1) },
      ],
      labelValues: ['', 'x', 'y'],
    },
  }
  expect([...samplesOf(family)]).toEqual([
    { labels: { a: 'x', b: 'y' }, value: 10 },
    { labels: { a: 'y' }, value: 12 },
    { labels: { b: 'x' }, value: 13 },
    { labels: { a: 'y', b: 'y' }, value: 14 },
  ])
})
