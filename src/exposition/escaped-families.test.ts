import { describe, expect, test } from 'vitest'
import { metricFamily, type MetricFamily } from 'narthex'
import { escapedFamilies } from './escaped-families.ts'
import type { Escaping } from './name-escaping.ts'
import { writePrometheusText } from './prometheus-text.ts'

describe('escaping', () => {
  test('leaves families as they are whose names every server accepts: the same objects', () => {
    const families = [gauge('a'), gauge('b:c', { d: '1' })]
    for (const escaping of ['underscores', 'dots', 'values', 'allow-utf-8'] as const) {
      expect([...escapedFamilies(families, escaping)].every((family, i) => family === families[i])).toBe(true)
    }
  })

  test('gives the same list of label names for the same list, so that a writer knows what has not changed', () => {
    const family = gauge('a.b', { 'c.d': '1' })
    const [once] = escapedFamilies([family], 'values')
    const [again] = escapedFamilies([{ ...family }], 'values')
    expect(once!.labelNames).toEqual(['U__c_2e_d'])
    expect(again!.labelNames).toBe(once!.labelNames)
  })

  test.each<[Escaping, string, string]>([
    ['underscores', 'http_requests_total', 'http_method'],
    ['dots', 'http_dot_requests__total', 'http_dot_method'],
    ['values', 'U__http_2e_requests__total', 'U__http_2e_method'],
    ['allow-utf-8', 'http.requests_total', 'http.method'],
  ])('with %s is of the whole name of the family', (escaping, name, label) => {
    const family = metricFamily({
      name: 'http.requests_total',
      help: 'X.',
      type: 'counter',
      samples: [{ labels: { 'http.method': 'GET' }, value: 1 }],
    })
    expect([...escapedFamilies([family], escaping)]).toMatchObject([{ name, labelNames: [label] }])
  })
})

describe('names that meet when they are escaped do not cost the scrape', () => {
  test('a name that every server accepts stays, wherever it comes; another is escaped as values', () => {
    expect(text([gauge('a.b'), gauge('a_b')])).toEqual(['U__a_2e_b 1', 'a_b 1'])
    expect(text([gauge('a_b'), gauge('a.b')])).toEqual(['a_b 1', 'U__a_2e_b 1'])
    expect(text([gauge('a_dot_b'), gauge('a.b')], 'dots')).toEqual(['a_dot_b 1', 'U__a_2e_b 1'])
  })

  test('of two that are escaped the first has the usual name', () => {
    expect(text([gauge('a.b'), gauge('a-b'), gauge('a b')])).toEqual(['a_b 1', 'U__a_2d_b 1', 'U__a_20_b 1'])
  })

  test('samples of a family count, too', () => {
    const histogram = metricFamily({
      name: 'a.b',
      help: 'X.',
      type: 'histogram',
      upperBounds: [],
      samples: [
        { labels: {}, value: { count: 1, sum: 1, buckets: [{ upperBound: Number.POSITIVE_INFINITY, count: 1 }] } },
      ],
    })
    expect(text([gauge('a_b_count'), histogram])).toEqual([
      'a_b_count 1',
      'U__a_2e_b_bucket{le="+Inf"} 1',
      'U__a_2e_b_sum 1',
      'U__a_2e_b_count 1',
    ])
  })

  test('even where somebody took both', () => {
    expect(text([gauge('a_b'), gauge('U__a_2e_b'), gauge('a.b')])).toEqual(['a_b 1', 'U__a_2e_b 1', 'U__a_2e_b_ 1'])
  })

  test('labels of one series, likewise', () => {
    expect(text([gauge('a', { 'b.c': '1', b_c: '2', 'b-c': '3' })])).toEqual([
      'a{U__b_2e_c="1",b_c="2",U__b_2d_c="3"} 1',
    ])
  })

  test('a label does not become one that belongs to Prometheus', () => {
    expect(text([gauge('a', { '..name..': '1' })])).toEqual(['a{U___2e__2e_name_2e__2e_="1"} 1'])
  })

  test('nor does a state set become one of its labels', () => {
    const states = metricFamily({
      name: 'a.b',
      help: 'X.',
      type: 'stateset',
      states: ['on'],
      samples: [{ labels: { a_b: '1' }, value: { on: true } }],
    })
    expect(text([states])).toEqual(['U__a_2e_b{a_b="1",U__a_2e_b="on"} 1'])
    const legal = metricFamily({
      name: 'a_b',
      help: 'X.',
      type: 'stateset',
      states: ['on'],
      samples: [{ labels: { 'a.b': '1' }, value: { on: true } }],
    })
    expect(text([legal])).toEqual(['a_b{U__a_2e_b="1",a_b="on"} 1'])
  })
})

function gauge(name: string, labels: Readonly<Record<string, string>> = {}): MetricFamily {
  return metricFamily({ name, help: 'X.', type: 'gauge', samples: [{ labels, value: 1 }] })
}

/** The lines of samples. */
function text(families: readonly MetricFamily[], escaping: Escaping = 'underscores'): string[] {
  const lines = Buffer.concat([...writePrometheusText(escapedFamilies(families, escaping))])
    .toString()
    .split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}
