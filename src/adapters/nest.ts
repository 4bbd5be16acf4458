import type { MetricsOptions } from '../http/metrics-options.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import { Registry } from '../registry/registry.ts'
import { answering, measuring, type NestMiddlewareConsumer, type Mount } from './nest-platform.ts'
import { setEndpoint as setRequestEndpoint, setError as setRequestError } from './request-marks.ts'

export type { MetricsOptions } from '../http/metrics-options.ts'
export type { NestHttpAdapter, NestMiddlewareConsumer } from './nest-platform.ts'

/** A `DynamicModule`, with the {@link Registry} to be injected anywhere. */
export interface NestDynamicModule {
  module: new () => { configure(consumer: NestMiddlewareConsumer): void }
  global: boolean
  providers: { provide: typeof Registry; useValue: Registry }[]
  exports: (typeof Registry)[]
}

/**
 * Measures every request of a NestJS application (11 or 12, on Express or Fastify), and answers the scrapes: a module.
 *
 * `endpoint` is the pattern of the route as the platform knows it, with the global prefix and the version where they are
 * a part of it. Scrapes are answered outside of the global prefix. A request for `/users/7` shows as
 * `app_request_count_total{method="GET",endpoint="/users/:id",http_status="200"} 1`.
 *
 * @throws {MetricError} if an option is wrong, or a metric is declared otherwise
 *
 * @example
 * ```ts
 * import { MetricsModule } from 'narthex/nest'
 *
 * // Of the outermost module: `@Module({ imports, controllers })`.
 * export const imports = [MetricsModule.forRoot({ info: { version: '1', config: 'develop' } })]
 * ```
 */
export function metrics(options: MetricsOptions = {}): NestDynamicModule {
  return moduleOf(options, [measuring(options), answering(options)])
}

/** {@link metrics}, as modules of Nest spell it. */
export const MetricsModule: { forRoot(options?: MetricsOptions): NestDynamicModule } = { forRoot: metrics }

/** The one half: measures every request from its arrival at the server to the close of its response, each once. */
export function measureRequests(options: MetricsOptions = {}): NestDynamicModule {
  return moduleOf(options, [measuring(options)])
}

/** The other half: answers the scrapes, and goes on with the rest. */
export function answerScrapes(options: MetricsOptions = {}): NestDynamicModule {
  return moduleOf(options, [answering(options)])
}

/**
 * Tells the route pattern of a request that is being measured, such as `/users/:id`, where it is not that of its route;
 * the last call counts. Never tell its path: everything that a client can invent would become a series.
 */
export function setEndpoint(request: object, endpoint: string): void {
  setRequestEndpoint(nodeRequest(request), endpoint)
}

/**
 * Tells what made a request fail that is being measured, such as in an exception filter; the last call counts. If the answer
 * is a failure, or does not come, its class becomes the error type.
 */
export function setError(request: object, error: unknown): void {
  setRequestError(nodeRequest(request), error)
}

/** A request of Fastify has Node's own as its `raw`. */
function nodeRequest(request: object): object {
  return (request as { raw?: object }).raw ?? request
}

/** A class each time: it is how Nest tells modules apart. */
function moduleOf({ registry = defaultRegistry }: MetricsOptions, mounts: readonly Mount[]): NestDynamicModule {
  class NarthexModule {
    configure(consumer: NestMiddlewareConsumer): void {
      for (const mount of mounts) mount(consumer.getHttpAdapter())
    }
  }
  const provider = { provide: Registry, useValue: registry }
  return { module: NarthexModule, global: true, providers: [provider], exports: [Registry] }
}
