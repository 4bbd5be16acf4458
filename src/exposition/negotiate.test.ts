import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { negotiate } from './negotiate.ts'

const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
const TEXT_1 = 'text/plain; version=1.0.0; charset=utf-8; escaping='
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const OPENMETRICS_2 = 'application/openmetrics-text; version=2.0.0; charset=utf-8'
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
const PROTOBUF_ANSWER = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited'

describe('U6: what scrapers send is answered with the best that there is', () => {
  test.each([
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      OPENMETRICS,
    ],
    [
      'Prometheus 2.42 with native histograms',
      `${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      PROTOBUF_ANSWER,
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      `${OPENMETRICS}; escaping=allow-utf-8`,
    ],
    [
      'Prometheus 3 with native histograms',
      `${PROTOBUF};q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
      PROTOBUF_ANSWER,
    ],
    ['VictoriaMetrics', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', TEXT],
    ['curl', '*/*', TEXT],
    ['nobody', undefined, TEXT],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', TEXT],
  ])('%s', (_, accept, contentType) => {
    expect(negotiate(accept).contentType).toBe(contentType)
  })
})

describe('U6: the highest weight decides', () => {
  test.each([
    [
      'whatever the order',
      'text/plain;version=0.0.4;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5',
      OPENMETRICS,
    ],
    [
      'whatever the order',
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4',
      OPENMETRICS,
    ],
    ['the first of equal ones', 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0', TEXT],
    ['the first of equal ones', 'application/openmetrics-text,text/plain', OPENMETRICS],
    ['the one that is named before the one that is meant too', '*/*,application/openmetrics-text', OPENMETRICS],
    ['everything is more than half of it', '*/*,application/openmetrics-text;q=0.5', TEXT],
    ['a kind', 'application/*', OPENMETRICS],
    ['protobuf', `${PROTOBUF};q=0.5,text/plain;version=0.0.4;q=0.4`, PROTOBUF_ANSWER],
    ['protobuf for less', `${PROTOBUF};q=0.4,text/plain;version=0.0.4;q=0.5`, TEXT],
    ['a kind', 'text/*,application/openmetrics-text;q=0.9', TEXT],
    ['a refusal counts, also against everything', 'text/plain;q=0,*/*', `${TEXT_1}underscores`],
    ['a refusal counts, also against a kind', 'text/*;q=0,*/*;q=0.1', OPENMETRICS],
    ['who refuses all gets text', '*/*;q=0', TEXT],
    ['who only refuses gets text', 'application/openmetrics-text;q=0', TEXT],
    [
      'what comes twice has its higher weight',
      'application/openmetrics-text;version=1.0.0;q=0.1,application/openmetrics-text;version=1.0.0;escaping=dots;q=0.9,text/plain;q=0.5',
      `${OPENMETRICS}; escaping=dots`,
    ],
    ['who takes nothing that there is gets text', 'text/html', TEXT],
    ['nonsense gets text', ';;;,,=q;"', TEXT],
    ['nonsense gets text', '', TEXT],
    ['a weight of nonsense is no vote', 'application/openmetrics-text;q=high,text/plain;q=0.1', TEXT],
    [
      'letters of any size, spaces anywhere',
      ' Application/OpenMetrics-Text ; Version = 1.0.0 ; Q = 0.9 , */*;q=0.1',
      OPENMETRICS,
    ],
    ['a value may be quoted', 'application/openmetrics-text;version="1.0.0"', OPENMETRICS],
    ['a character set changes nothing', 'application/openmetrics-text; version=1.0.0; charset=utf-8', OPENMETRICS],
  ])('%s: %s', (_, accept, contentType) => {
    expect(negotiate(accept).contentType).toBe(contentType)
  })
})

describe('O20, U6: a version that there is not is not answered', () => {
  test.each([
    ['OpenMetrics without a version is 1.0.0', 'application/openmetrics-text', OPENMETRICS],
    ['OpenMetrics 0.0.1, a draft', 'application/openmetrics-text;version=0.0.1', TEXT],
    [
      'OpenMetrics 3.0.0',
      'application/openmetrics-text;version=3.0.0,application/openmetrics-text;version=1.0.0;q=0.1',
      OPENMETRICS,
    ],
    ['text without a version is 0.0.4', 'text/plain', TEXT],
    ['text 0.0.3', 'text/plain;version=0.0.3,application/openmetrics-text;q=0.1', OPENMETRICS],
    ['text 1.0.0', 'text/plain;version=1.0.0', `${TEXT_1}underscores`],
    ['protobuf of no message', 'application/vnd.google.protobuf,text/plain;q=0.1', TEXT],
    ['protobuf of another message', `${PROTOBUF.replace('Family', 'Point')},text/plain;q=0.1`, TEXT],
    ['protobuf as text', `${PROTOBUF.replace('delimited', 'text')},text/plain;q=0.1`, TEXT],
  ])('%s', (_, accept, contentType) => {
    expect(negotiate(accept).contentType).toBe(contentType)
  })
})

describe('U7: the answer says how names are escaped', () => {
  test.each(['allow-utf-8', 'underscores', 'dots', 'values'])('%s, if that is what was asked for', (escaping) => {
    const asked = (type: string): string => negotiate(`${type};version=1.0.0;escaping=${escaping}`).contentType
    expect(asked('application/openmetrics-text')).toBe(`${OPENMETRICS}; escaping=${escaping}`)
    expect(asked('text/plain')).toBe(TEXT_1 + escaping)
  })

  test.each(['x', '', 'ALLOW-UTF-8', '"a\r\nSet-Cookie: x"', 'constructor'])('but never repeats %j', (escaping) => {
    const asked = (type: string): string => negotiate(`${type};version=1.0.0;escaping=${escaping}`).contentType
    expect(asked('application/openmetrics-text')).toBe(OPENMETRICS)
    expect(asked('text/plain')).toBe(`${TEXT_1}underscores`)
  })

  test('in the formats that know of it', () => {
    expect(negotiate('text/plain;version=0.0.4;escaping=dots').contentType).toBe(TEXT)
  })
})

describe('the formats may be fewer', () => {
  test('then another is not answered', () => {
    expect(negotiate('application/openmetrics-text', ['text'])).toMatchObject({ format: 'text', contentType: TEXT })
    expect(negotiate('text/plain', ['openmetrics'])).toMatchObject({ format: 'openmetrics', contentType: OPENMETRICS })
  })

  test('and the first one is for those without a preference', () => {
    expect(negotiate('*/*', ['openmetrics', 'text']).contentType).toBe(OPENMETRICS)
    expect(negotiate(undefined, ['openmetrics', 'text']).contentType).toBe(OPENMETRICS)
    expect(negotiate('text/html', ['openmetrics', 'text']).contentType).toBe(OPENMETRICS)
  })
})

test('U7: whatever is asked, the answer is one of the known ones', () => {
  const escapings = ['allow-utf-8', 'underscores', 'dots', 'values']
  const known = new Set([
    TEXT,
    OPENMETRICS,
    OPENMETRICS_2,
    PROTOBUF_ANSWER,
    ...escapings.map((each) => TEXT_1 + each),
    ...escapings.flatMap((each) =>
      [OPENMETRICS, OPENMETRICS_2, PROTOBUF_ANSWER].map((type) => `${type}; escaping=${each}`),
    ),
  ])
  const tokens = [
    'text/plain',
    'application/openmetrics-text',
    PROTOBUF,
    '*/*',
    'text/*',
    ';',
    ',',
    '=',
    '"',
    '\\',
    ' ',
    '\r\n',
  ]
  const names = ['version', '1.0.0', '2.0.0', '0.0.4', 'q', '0', '0.5', '1', 'escaping', ...escapings]
  const anyToken = fc.oneof(fc.constantFrom(...tokens, ...names), fc.string())
  const anyHeader = fc.array(anyToken, { maxLength: 40, size: 'max' }).map((parts) => parts.join(''))
  fc.assert(fc.property(anyHeader, (header) => known.has(negotiate(header).contentType)))
})

test('a header of any length is read in time in proportion to it', () => {
  const began = performance.now()
  for (const unit of ['text/plain;version=0.0.4;q=0.3,', '*/*;q=0.1,', ',', ';']) {
    expect(negotiate(unit.repeat(400_000 / unit.length)).contentType).toBe(TEXT)
  }
  expect(performance.now() - began).toBeLessThan(5000)
})
