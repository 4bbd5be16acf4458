import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counter, expose, gauge, histogram, info, metricFamily, Registry, stateSet } from 'narthex'
import {
  escapeName,
  ESCAPINGS,
  negotiate,
  parseProtobuf,
  unescapeName,
  writeExposition,
  type Escaping,
} from 'narthex/exposition'
import { scrapeHandler } from 'narthex/http'
import { refusal } from '../refusal.ts'
import { anyFamily, hostileText } from './any-family.ts'
import { readOpenMetrics } from './openmetrics-reader.ts'
import { readText } from './text-reader.ts'

describe('N1: names may be any text', () => {
  test('for who asks for that at the declaration, and not for who mistypes', () => {
    const registry = new Registry()
    expect(refusal(() => gauge({ name: 'room.temperature', help: 'X.', registry })).code).toBe('INVALID_METRIC_NAME')
    expect(refusal(() => gauge({ name: 'a', help: 'X.', labelNames: ['b-c'], registry })).code).toBe(
      'INVALID_LABEL_NAME',
    )
    gauge({ name: 'room.temperature', help: 'X.', labelNames: ['b-c'], utf8: true, registry }).set({ 'b-c': 'd' }, 20)
  })

  test.each(['', '\uD800', 'a\uDC00b', undefined, 5])('but not %j', (name) => {
    const options = { help: 'X.', utf8: true, registry: new Registry() }
    expect(refusal(() => gauge({ ...options, name: name as string })).code).toBe('INVALID_METRIC_NAME')
    expect(refusal(() => gauge({ ...options, name: 'a', labelNames: [name as string] })).code).toBe(
      'INVALID_LABEL_NAME',
    )
  })

  test('in metrics of all types', async () => {
    const registry = new Registry()
    counter({ name: 'http.requests', help: 'X.', labelNames: ['http.method'], utf8: true, registry }).inc({
      'http.method': 'GET',
    })
    histogram({ name: 'größe', help: 'X.', buckets: [1], utf8: true, registry }).observe(2)
    info({ name: 'build.info', help: 'X.', utf8: true, registry }).set({ 'git.commit': 'abc' })
    stateSet({ name: 'app.phase', help: 'X.', states: ['on'], utf8: true, registry })
    expect(await expose(registry, { escaping: 'allow-utf-8' })).toBe(`# HELP "http.requests_total" X.
# TYPE "http.requests_total" counter
{"http.requests_total","http.method"="GET"} 1
# HELP "größe" X.
# TYPE "größe" histogram
{"größe_bucket",le="1"} 0
{"größe_bucket",le="+Inf"} 1
{"größe_sum"} 2
{"größe_count"} 1
# HELP "build.info_info" X.
# TYPE "build.info_info" gauge
{"build.info_info","git.commit"="abc"} 1
# HELP "app.phase" X.
# TYPE "app.phase" gauge
{"app.phase","app.phase"="on"} 1
`)
  })

  test.each(['__a', 'le', '__.'])('labels are still reserved: %j', (label) => {
    const options = { name: 'a', help: 'X.', labelNames: [label], utf8: true, registry: new Registry() }
    expect(refusal(() => histogram(options)).code).toBe('RESERVED_LABEL_NAME')
  })

  test('a state set is escaped to no label of its own, and is called as a label could be', () => {
    const options = { help: 'X.', states: ['on'], utf8: true, registry: new Registry() } as const
    expect(refusal(() => stateSet({ ...options, name: 'a.b', labelNames: ['a-b'] })).code).toBe('RESERVED_LABEL_NAME')
    expect(refusal(() => stateSet({ ...options, name: 'a.b:c' })).code).toBe('INVALID_METRIC_NAME')
    expect(refusal(() => stateSet({ ...options, name: '__.a' })).code).toBe('INVALID_METRIC_NAME')
  })

  test('a label that would be a reserved one with underscores is escaped as values', async () => {
    const registry = new Registry()
    stateSet({ name: '花火', help: 'X.', states: ['on'], labelNames: ['метод'], utf8: true, registry }).labels('a')
    expect(await expose(registry)).toBe(`# HELP U___82b1__706b_ X.
# TYPE U___82b1__706b_ gauge
U___82b1__706b_{U___43c__435__442__43e__434_="a",U___82b1__706b_="on"} 1
`)
  })
})

test('U3: dots are _dot_, underscores are doubled, and any other code point that a legacy name cannot have is __', () => {
  expect(escapeName('http.status_code-😱', 'dots')).toBe('http_dot_status__code____')
  expect(escapeName('http_status', 'dots')).toBe('http_status')
})

test('U4: values are hexadecimal code points behind U__, and can be read back', () => {
  expect(escapeName('a.b_😱', 'values')).toBe('U__a_2e_b___1f631_')
  expect(unescapeName('U__a_2e_b___1f631_')).toBe('a.b_😱')
  expect(escapeName('a_b', 'values')).toBe('a_b')
})

test('U5: names of metrics and of labels are escaped, label values never', async () => {
  const registry = new Registry()
  gauge({ name: 'a.b:c', help: 'X.', labelNames: ['d.e:f'], utf8: true, registry }).set({ 'd.e:f': 'g.h:i' }, 1)
  expect(await expose(registry)).toContain('\na_b:c{d_e_f="g.h:i"} 1\n')
})

describe('U2: names that would be the same with underscores', () => {
  test('are refused: of two metrics when the second is registered', () => {
    const registry = new Registry()
    counter({ name: 'http.requests', help: 'X.', utf8: true, registry })
    for (const name of ['http_requests', 'http-requests', 'http.requests']) {
      expect(refusal(() => gauge({ name, help: 'X.', utf8: true, registry })).code).toBe('NAME_CLASH')
    }
    expect(refusal(() => gauge({ name: 'http_requests_total', help: 'X.', registry })).message).toBe(
      'The gauge http_requests_total clashes with the counter http.requests_total: both may appear as http_requests_total in an exposition. Rename one, or use another registry.',
    )
  })

  test('of two labels at the declaration', () => {
    const options = { name: 'a', help: 'X.', labelNames: ['b.c', 'b_c'], utf8: true, registry: new Registry() }
    expect(refusal(() => gauge(options)).code).toBe('DUPLICATE_LABEL_NAME')
  })
})

describe('T10: names stand in quotes where they must', () => {
  const FAMILIES = [
    metricFamily({
      name: 'my.metric_total',
      help: 'A "help"\n.',
      type: 'counter',
      samples: [
        { labels: {}, value: 1 },
        { labels: { label: 'v', 'a\\b"c\n': 'w' }, value: 2, exemplars: [{ labels: { 'x.y': 'z' }, value: 1 }] },
      ],
    }),
    metricFamily({ name: 'plain', help: 'P.', type: 'gauge', samples: [{ labels: { 'a:b': '1' }, value: 3 }] }),
  ]

  test('in text 1.0.0', async () => {
    expect(await written('text', 'allow-utf-8')).toEqual({
      contentType: 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      text: String.raw`# HELP "my.metric_total" A "help"\n.
# TYPE "my.metric_total" counter
{"my.metric_total"} 1
{"my.metric_total",label="v","a\\b\"c\n"="w"} 2
# HELP plain P.
# TYPE plain gauge
plain{"a:b"="1"} 3
`,
    })
  })

  test('in OpenMetrics 1.0', async () => {
    expect(await written('openmetrics', 'allow-utf-8')).toEqual({
      contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      text: String.raw`# TYPE "my.metric" counter
# HELP "my.metric" A \"help\"\n.
{"my.metric_total"} 1
{"my.metric_total",label="v","a\\b\"c\n"="w"} 2 # {"x.y"="z"} 1
# TYPE plain gauge
# HELP plain P.
plain{"a:b"="1"} 3
# EOF
`,
    })
  })

  test('and nowhere else', async () => {
    expect(await written('openmetrics')).toEqual({
      contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      text: String.raw`# TYPE my_metric counter
# HELP my_metric A \"help\"\n.
my_metric_total 1
my_metric_total{label="v",a_b_c_="w"} 2 # {x_y="z"} 1
# TYPE plain gauge
# HELP plain P.
plain{a_b="1"} 3
# EOF
`,
    })
  })

  async function written(
    format: 'text' | 'openmetrics',
    escaping?: Escaping,
  ): Promise<{ contentType: string; text: string }> {
    const exposition = await writeExposition(FAMILIES, { format, ...(escaping && { escaping }) })
    return { contentType: exposition.contentType, text: Buffer.concat(exposition.blocks).toString() }
  }
})

describe('a scrape', () => {
  const registry = new Registry()
  counter({ name: 'http.requests', help: 'X.', registry, utf8: true }).inc()
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })

  test.each<[escaping: string | undefined, name: string, echoed: string]>([
    [undefined, 'http_requests_total', 'underscores'],
    ['nonsense', 'http_requests_total', 'underscores'],
    ['underscores', 'http_requests_total', 'underscores'],
    ['dots', 'http_dot_requests__total', 'dots'],
    ['values', 'U__http_2e_requests__total', 'values'],
    ['allow-utf-8', '{"http.requests_total"}', 'allow-utf-8'],
  ])('U1, U7: that asks for the escaping %s gets it, and is told so', async (escaping, name, echoed) => {
    const asked = escaping === undefined ? '' : `;escaping=${escaping}`
    const text = await scrape('/metrics', `text/plain;version=1.0.0${asked}`)
    expect(text.type).toBe(`text/plain; version=1.0.0; charset=utf-8; escaping=${echoed}`)
    expect(text.lines.at(-1)).toBe(`${name} 1`)
    const openMetrics = await scrape('/metrics', `application/openmetrics-text;version=1.0.0${asked}`)
    const isEchoed = escaping === echoed ? `; escaping=${echoed}` : ''
    expect(openMetrics.type).toBe(`application/openmetrics-text; version=1.0.0; charset=utf-8${isEchoed}`)
    expect(openMetrics.lines.at(-2)).toBe(`${name} 1`)
  })

  test('U1, U7: gets the names of protobuf in the same way', async () => {
    const type = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
    for (const [escaping, name] of [
      ['', 'http_requests_total'],
      [';escaping=values', 'U__http_2e_requests__total'],
      [';escaping=allow-utf-8', 'http.requests_total'],
    ] as const) {
      const header = (key: string): string | undefined => (key === 'accept' ? type + escaping : undefined)
      const { headers, body } = await scrapes.answer({ method: 'GET', url: '/metrics', header })
      expect(headers['Content-Type']).toBe((type + escaping).replaceAll(';', '; '))
      expect(parseProtobuf(Buffer.concat(body)).map((family) => family.name)).toEqual([name])
    }
  })

  test('T10: in text 0.0.4 never gets a quoted name', async () => {
    const { type, lines } = await scrape('/metrics', 'text/plain;version=0.0.4;escaping=allow-utf-8')
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(lines.at(-1)).toBe('http_requests_total 1')
  })

  test('U1: may name the escaping in its query, too', async () => {
    const { type, lines } = await scrape('/metrics?format=text&escaping=values', '*/*')
    expect(type).toBe('text/plain; version=1.0.0; charset=utf-8; escaping=values')
    expect(lines.at(-1)).toBe('U__http_2e_requests__total 1')
    expect(await scrape('/metrics?format=text&escaping=x', '*/*')).toMatchObject({
      status: 400,
      lines: ['The escaping can be one of: underscores, allow-utf-8, dots, values.'],
    })
  })

  test('asks for a metric by its name, as it is or as it gets it', async () => {
    for (const name of ['http.requests_total', 'http_requests_total']) {
      expect((await scrape(`/metrics?name[]=${name}`, '*/*')).lines.at(-1)).toBe('http_requests_total 1')
    }
  })

  test('U6: by Prometheus 3 gets names as they are, by Prometheus 2 and VictoriaMetrics with underscores', async () => {
    const prometheus3 =
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'
    const prometheus2 =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
    const victoriaMetrics = 'text/plain;version=0.0.4;q=1,*/*;q=0.1'
    expect((await scrape('/metrics', prometheus3)).lines).toContain('{"http.requests_total"} 1')
    expect((await scrape('/metrics', prometheus2)).lines).toContain('http_requests_total 1')
    expect((await scrape('/metrics', victoriaMetrics)).lines).toContain('http_requests_total 1')
    expect(negotiate(prometheus3)).toMatchObject({ format: 'openmetrics', escaping: 'allow-utf-8' })
  })

  async function scrape(url: string, accept: string): Promise<{ status: number; type: string; lines: string[] }> {
    const header = (name: string): string | undefined => (name === 'accept' ? accept : undefined)
    const { status, headers, body } = await scrapes.answer({ method: 'GET', url, header })
    return { status, type: headers['Content-Type']!, lines: Buffer.concat(body).toString().trim().split('\n') }
  }
})

test('what one scrape wrote is not taken for one that has names otherwise', async () => {
  const registry = new Registry()
  const many = gauge({ name: 'a.b', help: 'X.', labelNames: ['c.d'], registry, utf8: true })
  for (let i = 0; i < 100; i++) many.set({ 'c.d': i }, i)
  const scrapes = scrapeHandler({ registry, scrapeMetrics: false })
  for (let round = 0; round < 2; round++) {
    for (const escaping of ESCAPINGS) {
      const header = (): string => `text/plain;version=1.0.0;escaping=${escaping}`
      const { body } = await scrapes.answer({
        method: 'GET',
        url: '/metrics',
        header: (name) => (name === 'accept' ? header() : undefined),
      })
      expect(Buffer.concat(body).toString()).toBe(await expose(registry, { escaping }))
    }
  }
})

test.each(ESCAPINGS)(
  'U1: whatever names there are, an exposition with %s is one that can be read',
  async (escaping) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFamily(hostileText, true), { maxLength: 5 }), async (several) => {
        // It leaves out what clashes already before names are escaped.
        const registry = new Registry({ onWarning: () => {} })
        for (const options of several) registry.register({ collect: () => [metricFamily(options)] })
        const families = await registry.gather()
        const text = await writeExposition(families, { escaping })
        expect(readText(Buffer.concat(text.blocks))).toHaveLength(families.length)
        const openMetrics = await writeExposition(families, { format: 'openmetrics', escaping })
        expect(readOpenMetrics(Buffer.concat(openMetrics.blocks))).toHaveLength(families.length)
      }),
      { numRuns: 100 },
    )
  },
)
