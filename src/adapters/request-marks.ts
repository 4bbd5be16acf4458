import type { RoutedHonoContext } from './hono-route.ts'
import type { RoutedKoaContext } from './koa-route.ts'

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`; the last call counts.
 * Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(request: object, endpoint: string): void {
  marksOf(request).endpoint = endpoint
}

/**
 * Tells what made a request fail that is being measured; the last call counts. If the answer is a failure, or does not
 * come, its class becomes the error type.
 */
export function setError(request: object, error: unknown): void {
  marksOf(request).error = error
}

/** Tells it, unless the program has told something already. */
export function tellError(request: object, error: unknown): void {
  marksOf(request).error ??= error
}

/** What {@link setError} told. */
export function errorOfRequest(request: object): unknown {
  return marksOf(request).error
}

/** Whether these metrics see the request for the first time; from then on they do not. */
export function isFirstLook(request: object, metrics: { readonly identity: object }): boolean {
  return isFirstLookAt(marksOf(request), metrics)
}

/** The same, of what is known of a request. */
export function isFirstLookAt(marks: Marks, { identity }: { readonly identity: object }): boolean {
  const { measuredBy } = marks
  if (measuredBy.includes(identity)) return false
  noteMeasurer(marks, identity)
  return true
}

/** Whether the program counts the request itself, with whatever options, or wants it left out. */
export function isMeasured(request: object): boolean {
  return marksOf(request).measuredBy.length > 0
}

/**
 * Leaves out a request that is none of the service's, such as one on the port of the metrics; or a server, whose
 * connections are not to be counted, or are already.
 */
export function leaveUnmeasured(request: object): void {
  noteMeasurer(marksOf(request), request)
}

/** Makes what is known of a request known of what stands for it elsewhere: what is told of one is told of both. */
export function shareMarks(request: object, other: object): void {
  keeperOf(other)[MARKS] = marksOf(request)
}

/** What a program told, or what its function knows. What that does wrong must not become the service's trouble. */
export function endpointOfRequest<Request extends object>(
  request: Request,
  endpointOf: (request: Request) => unknown,
): string | undefined {
  return endpointIn(marksOf(request), request, endpointOf)
}

/** The same, of what is known of a request. */
export function endpointIn<Request extends object>(
  marks: Marks,
  request: Request,
  endpointOf: EndpointOf<Request>,
): string | undefined {
  try {
    const endpoint = marks.endpoint ?? endpointOf(request, marks)
    return typeof endpoint === 'string' ? endpoint : undefined
  } catch {
    return undefined
  }
}

/** Finds the route pattern of a request, and may look at what is known of it. */
export type EndpointOf<Request extends object> = (request: Request, marks: Marks) => unknown

/** Known to every copy of narthex in the process, so that a request which passes two of them is counted once. */
const MARKS = Symbol.for('narthex.request-marks')

interface Marked {
  [MARKS]?: Marks
}

/** What is known of a request while it is measured. */
export interface Marks {
  endpoint: string | undefined
  error: unknown
  /** The route of Express that took it, and what is to be known of where. */
  route: unknown
  dispatch: unknown
  /**
   * The context that Koa or Hono made for it, where that was noted from outside; in no other case is there such a
   * property.
   */
  koaContext?: RoutedKoaContext
  honoContext?: RoutedHonoContext
  /** The metrics that will count this request: one for each registry and prefix. */
  measuredBy: readonly object[]
}

const NOBODY: readonly object[] = []

/** Mostly there is one, and an array that grows takes room for many. */
function noteMeasurer(marks: Marks, measurer: object): void {
  const { measuredBy } = marks
  marks.measuredBy = measuredBy.length === 0 ? [measurer] : [...measuredBy, measurer]
}

/**
 * One object for the request and for whatever inherits from it or stands in for it, as some frameworks' requests do.
 */
export function marksOf(request: object): Marks {
  return (keeperOf(request)[MARKS] ??= {
    endpoint: undefined,
    error: undefined,
    route: undefined,
    dispatch: undefined,
    measuredBy: NOBODY,
  })
}

/**
 * What the marks of a request are kept on: of a request of Node's, which is a stream, its state, which belongs to it
 * alone. A property more of the request itself costs microseconds with Express, which gives every request another
 * prototype: V8 then makes a map for each request that gains a property (question http-overhead of the benchmarks).
 */
function keeperOf(request: object): Marked {
  const { _readableState: state } = request as { readonly _readableState?: unknown }
  return typeof state === 'object' && state !== null ? state : request
}
