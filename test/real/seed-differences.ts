import type { PythonFamily, PythonSample } from './python.ts'

/** One way in which `examples/app` is knowingly not what the Flask applications are. */
export interface Difference {
  readonly what: string
  readonly why: string
  /** What the Flask application's families are without the difference. */
  readonly inFlask?: (families: readonly PythonFamily[]) => PythonFamily[]
  /** What the example application's families are without the difference. */
  readonly inExample?: (families: readonly PythonFamily[]) => PythonFamily[]
}

export const runtimeMetrics: Difference = {
  what: 'python_* there, nodejs_* here',
  why: 'each tells of its own runtime',
  inFlask: withoutFamilies(/^python_/),
  inExample: withoutFamilies(/^nodejs_/),
}

export const moreProcessMetrics: Difference = {
  what: 'process_virtual_memory_max_bytes, process_heap_bytes and process_threads are here only',
  why: "the client-library guide names nine process metrics, and Python's client has six of them",
  inExample: withoutFamilies(/^process_(virtual_memory_max_bytes|heap_bytes|threads)$/),
}

export const moreRequestMetrics: Difference = {
  what: 'requests in progress, errors, aborted requests and the time in the queue of a proxy are here only',
  why: 'the Flask applications count requests and time them',
  inExample: withoutFamilies(/^app_(requests_in_progress|requests?_(errors|aborted)|request_queue_seconds)(_total)?$/),
}

export const endpointMetrics: Difference = {
  what: 'narthex_scrape… is here only',
  why: 'the endpoint tells how it is scraped',
  inExample: withoutFamilies(/^narthex_scrape/),
}

export const createdGauges: Difference = {
  what: 'a gauge *_created beside every counter and histogram there',
  why: 'the text format knows no such thing',
  inFlask: withoutFamilies(/_created$/),
}

export const moreBuckets: Difference = {
  what: 'the buckets .075, .75 and 7.5 there',
  why: "Python's client has three buckets more than the eleven of the other clients",
  inFlask: eachSample(
    ({ labels }) => !labels.some(([name, value]) => name === 'le' && /^(0\.075|0\.75|7\.5)$/.test(value)),
  ),
}

export const boundsWithPoint: Difference = {
  what: 'le="1.0" there, le="1" here',
  why: 'the text format wants a number, and Go writes the shorter one',
  inFlask: relabelled((labels) => ({
    ...labels,
    ...(labels['le']?.endsWith('.0') && { le: labels['le'].slice(0, -2) }),
  })),
}

export const tutorialOnly: Difference = {
  what: 'requests and slow are here only',
  why: "the example application is the tutorial's and the book's in one",
  inExample: withoutFamilies(/^(requests|slow)$/),
}

export const bookOnly: Difference = {
  what: 'app_* is here only',
  why: "the example application is the tutorial's and the book's in one",
  inExample: withoutFamilies(/^app_/),
}

/** @param path - an address that no route is for */
export function rawPath(path: string): Difference {
  return relabelledRequest(
    `endpoint="${path}" there`,
    'a raw path makes new series for every address that somebody guesses; what matches no route is one constant here',
    { endpoint: path, http_status: '404' },
    { endpoint: unmatched },
  )
}

export function wrongMethod(method: string, path: string): Difference {
  return relabelledRequest(
    `${method} ${path}: 405 there, 404 here`,
    'Express has no route for the method and goes on to its 404, so nothing was matched',
    { method, endpoint: path, http_status: '405' },
    { endpoint: unmatched, http_status: '404' },
  )
}

export function unknownMethod(method: string, path: string): Difference {
  return relabelledRequest(
    `method="${method}" there`,
    'anybody can make up methods; what is not of the known set is one constant here',
    { method, endpoint: path, http_status: '405' },
    { method: '_OTHER', endpoint: unmatched, http_status: '404' },
  )
}

export function automaticOptions(path: string): Difference {
  return relabelledRequest(
    `OPTIONS ${path} is a match there`,
    'Express answers OPTIONS itself, without running a route',
    { method: 'OPTIONS', endpoint: path },
    { endpoint: unmatched },
  )
}

/** @param path - ends with a slash, which its route does not */
export function slashAtTheEnd(path: string): Difference {
  return relabelledRequest(
    `${path} is a 404 there`,
    'a route of Express, and our /metrics, also match with a slash at the end',
    { endpoint: path, http_status: '404' },
    { endpoint: path.slice(0, -1), http_status: '200' },
  )
}

export const databaseWithoutSlash: Difference = {
  what: '/database is a redirect to /database/ there, and measured only after it',
  why: 'a route of Express matches with and without a slash at the end',
  inFlask: (families) =>
    families.map((family) => ({
      ...family,
      samples: family.samples.map((sample) =>
        /^slow_(bucket|count)$/.test(sample.name) ? { ...sample, value: sample.value + 1 } : sample,
      ),
    })),
}

/** The endpoint of a request that matched no route. */
const unmatched = '_unmatched'

type Labels = Readonly<Record<string, string>>

/** A request whose series have the labels `there` in Flask, and the labels `here` in their place in the example. */
function relabelledRequest(what: string, why: string, there: Labels, here: Labels): Difference {
  return {
    what,
    why,
    inFlask: relabelled((labels) =>
      Object.entries(there).every(([name, value]) => labels[name] === undefined || labels[name] === value)
        ? { ...labels, ...onlyNamesOf(labels, here) }
        : labels,
    ),
  }
}

/** A histogram has no label http_status: what is told of a request is told there as far as the labels go. */
function onlyNamesOf(labels: Labels, wanted: Labels): Labels {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => name in labels))
}

function withoutFamilies(name: RegExp): (families: readonly PythonFamily[]) => PythonFamily[] {
  return (families) => families.filter((family) => !name.test(family.name))
}

function eachSample(stays: (sample: PythonSample) => boolean): (families: readonly PythonFamily[]) => PythonFamily[] {
  return (families) => families.map((family) => ({ ...family, samples: family.samples.filter(stays) }))
}

function relabelled(relabel: (labels: Labels) => Labels): (families: readonly PythonFamily[]) => PythonFamily[] {
  return (families) =>
    families.map((family) => ({
      ...family,
      samples: family.samples.map((sample) => ({
        ...sample,
        labels: Object.entries(relabel(Object.fromEntries(sample.labels))),
      })),
    }))
}
