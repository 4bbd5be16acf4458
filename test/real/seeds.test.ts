import { afterEach, describe, expect, test } from 'vitest'
import { stopChildren } from './child-process.ts'
import { pictureOf } from './picture.ts'
import { parseWithPython, type PythonFamily } from './python.ts'
import { isMissing } from './real-parts.ts'
import type { Difference } from './seed-differences.ts'
import {
  automaticOptions,
  bookOnly,
  boundsWithPoint,
  createdGauges,
  databaseWithoutSlash,
  moreBuckets,
  moreProcessMetrics,
  moreRequestMetrics,
  endpointMetrics,
  rawPath,
  runtimeMetrics,
  slashAtTheEnd,
  tutorialOnly,
  unknownMethod,
  wrongMethod,
} from './seed-differences.ts'
import { startExampleApp, startFlaskApp, type Service, type ServiceKnobs } from './service.ts'

/** Method and path of a request, and with which status Flask and Express answer it. */
type Request = readonly [method: string, path: string, flask: number, express: number]

interface Comparison {
  readonly flask: 'tutorial' | 'book'
  readonly when: string
  readonly knobs: ServiceKnobs
  readonly requests: readonly Request[]
  readonly differences: readonly Difference[]
}

const always = [runtimeMetrics, moreProcessMetrics, moreRequestMetrics, endpointMetrics]
const onceThereAreSeries = [createdGauges, moreBuckets, boundsWithPoint]

const comparisons: readonly Comparison[] = [
  {
    flask: 'tutorial',
    when: 'nothing was asked of it',
    knobs: {},
    requests: [],
    differences: [...always, tutorialOnly],
  },
  {
    flask: 'tutorial',
    when: 'every probe succeeds',
    knobs: { FAIL_RATE: '0' },
    requests: [
      ['GET', '/probe', 200, 200],
      ['GET', '/probe', 200, 200],
      ['GET', '/probe?x=1&y=/', 200, 200],
      ['HEAD', '/probe', 200, 200],
      ['POST', '/probe', 405, 404],
      ['PUT', '/probe', 405, 404],
      ['OPTIONS', '/probe', 200, 200],
      ['PROPFIND', '/probe', 405, 404],
      ['GET', '/probe/', 404, 200],
      ['GET', '/nope', 404, 404],
      ['GET', '/wp-login.php', 404, 404],
      ['HEAD', '/nope', 404, 404],
      ['GET', '/metrics', 200, 200],
      ['HEAD', '/metrics', 200, 200],
      ['POST', '/metrics', 405, 405],
      ['GET', '/metrics/', 404, 200],
    ],
    differences: [
      ...always,
      ...onceThereAreSeries,
      tutorialOnly,
      rawPath('/nope'),
      rawPath('/wp-login.php'),
      wrongMethod('POST', '/probe'),
      wrongMethod('PUT', '/probe'),
      unknownMethod('PROPFIND', '/probe'),
      automaticOptions('/probe'),
      slashAtTheEnd('/probe/'),
      slashAtTheEnd('/metrics/'),
    ],
  },
  {
    flask: 'tutorial',
    when: 'every probe fails',
    knobs: { FAIL_RATE: '1' },
    requests: [
      ['GET', '/probe', 500, 500],
      ['GET', '/probe', 500, 500],
      ['GET', '/probe', 500, 500],
      ['HEAD', '/probe', 500, 500],
    ],
    differences: [...always, ...onceThereAreSeries, tutorialOnly],
  },
  {
    flask: 'book',
    when: 'nothing was asked of it',
    knobs: {},
    requests: [],
    differences: [...always, bookOnly],
  },
  {
    flask: 'book',
    when: 'it served some requests',
    knobs: {},
    requests: [
      ['GET', '/', 200, 200],
      ['GET', '/', 200, 200],
      ['GET', '/?x=1', 200, 200],
      ['HEAD', '/', 200, 200],
      ['POST', '/', 405, 404],
      ['GET', '/database/', 200, 200],
      ['GET', '/database/', 200, 200],
      ['HEAD', '/database/', 200, 200],
      ['POST', '/database/', 405, 404],
      ['GET', '/nope', 404, 404],
      ['GET', '/metrics/', 200, 200],
      ['GET', '/metrics', 308, 200],
      ['GET', '/database', 308, 200],
    ],
    differences: [...always, ...onceThereAreSeries, bookOnly, databaseWithoutSlash],
  },
]

afterEach(stopChildren)

describe.skipIf(isMissing('python'))('the example application measures what the Flask application measures', () => {
  test.each(comparisons)('$flask, when $when', async ({ flask, knobs, requests, differences }) => {
    const [there, here] = await Promise.all([startFlaskApp(flask, knobs), startExampleApp(knobs)])
    for (const [method, path, ...statuses] of requests) {
      const answers = await Promise.all([there.request(path, method), here.request(path, method)])
      expect({ method, path, answers }).toEqual({ method, path, answers: statuses })
    }
    let families = { there: await familiesOf(there), here: await familiesOf(here) }
    for (const { what, inFlask, inExample } of differences) {
      const without = {
        there: inFlask?.(families.there) ?? families.there,
        here: inExample?.(families.here) ?? families.here,
      }
      // A difference that is no longer there has to leave the list.
      expect(pictures(without), `the difference "${what}"`).not.toEqual(pictures(families))
      families = without
    }
    const { here: ours, there: theirs } = pictures(families)
    expect(ours).toEqual(theirs)
  })

  test('and answers a scrape with the exact media type, not with text/html or with a doubled charset', async () => {
    const services = await Promise.all([startFlaskApp('tutorial'), startFlaskApp('book'), startExampleApp()])
    const types = services.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).headers.get('content-type'))
    expect(await Promise.all(types)).toEqual([
      'text/html; charset=utf-8',
      'text/plain; version=0.0.4; charset=utf-8; charset=utf-8',
      'text/plain; version=0.0.4; charset=utf-8',
    ])
  })
})

async function familiesOf(service: Service): Promise<PythonFamily[]> {
  const [families] = parseWithPython([await service.scrape()])
  return families!
}

type Both<T> = Readonly<Record<'there' | 'here', T>>

function pictures({ there, here }: Both<readonly PythonFamily[]>): Both<ReturnType<typeof pictureOf>> {
  return { there: pictureOf(there), here: pictureOf(here) }
}
