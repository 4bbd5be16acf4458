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

/** Options that a function makes of what Nest injects into it. */
export interface NestAsyncOptions<Import = never, Token = never> {
  /** Modules that have what is injected. */
  readonly imports?: readonly Import[]
  /** What the function is given, by its tokens. */
  readonly inject?: readonly Token[]
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest's own types have it: it depends on the tokens
  readonly useFactory: (...given: any[]) => MetricsOptions | Promise<MetricsOptions>
}

/** A `DynamicModule` like {@link NestDynamicModule}, whose options are injected. */
export interface NestAsyncDynamicModule<Import, Token> {
  module: new (given: never) => { configure(consumer: NestMiddlewareConsumer): void }
  global: boolean
  imports: Import[]
  providers: NestFactoryProvider<Token>[]
  exports: (typeof Registry)[]
}

/** A provider of Nest's. */
export interface NestFactoryProvider<Token> {
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest's own types have it
  provide: new (...given: any[]) => object
  inject: (Token | typeof Mounts)[]
  // oxlint-disable-next-line typescript/no-explicit-any -- as Nest's own types have it
  useFactory: (...given: any[]) => object | Promise<object>
}

/**
 * Measures every request of a NestJS application (11 or 12, on Express or Fastify), and answers the scrapes: a module.
 *
 * `endpoint` is the pattern of the route as the platform knows it, with the global prefix and the version where they
 * are a part of it. Scrapes are answered outside of the global prefix. A request for `/users/7` shows as
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
export const MetricsModule: {
  forRoot(options?: MetricsOptions): NestDynamicModule
  /**
   * The same, with options that are known when the application is put together, such as those of a service of
   * configuration.
   *
   * @throws {MetricError} when the application starts, as `forRoot`
   *
   * @example
   * ```ts
   * import { MetricsModule } from 'narthex/nest'
   *
   * class Configuration {
   *   readonly metricsToken = process.env.METRICS_TOKEN ?? ''
   * }
   *
   * export const imports = [
   *   MetricsModule.forRootAsync({
   *     inject: [Configuration], // of a module that is global, or one of `imports`
   *     useFactory: ({ metricsToken }: Configuration) => ({ auth: { bearerToken: metricsToken } }),
   *   }),
   * ]
   * ```
   */
  forRootAsync<Import, Token>(options: NestAsyncOptions<Import, Token>): NestAsyncDynamicModule<Import, Token>
} = { forRoot: metrics, forRootAsync: asyncModuleOf }

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
 * Tells what made a request fail that is being measured, such as in an exception filter; the last call counts. If the
 * answer is a failure, or does not come, its class becomes the error type.
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

/** What a module puts on the platform, as Nest makes and injects it. */
class Mounts {
  readonly registry: Registry
  readonly #mounts: readonly Mount[]

  constructor(options: MetricsOptions) {
    this.#mounts = [measuring(options), answering(options)]
    this.registry = options.registry ?? defaultRegistry
  }

  on(consumer: NestMiddlewareConsumer): void {
    for (const mount of this.#mounts) mount(consumer.getHttpAdapter())
  }
}

function asyncModuleOf<Import, Token>({
  imports = [],
  inject = [],
  useFactory,
}: NestAsyncOptions<Import, Token>): NestAsyncDynamicModule<Import, Token> {
  class NarthexModule {
    readonly #mounts: Mounts

    constructor(mounts: Mounts) {
      this.#mounts = mounts
    }

    configure(consumer: NestMiddlewareConsumer): void {
      this.#mounts.on(consumer)
    }
  }
  // What a compiler writes for the parameters of a decorated class: with it Nest knows what to inject.
  const reflect = Reflect as typeof Reflect & { defineMetadata(key: string, value: unknown, target: object): void }
  reflect.defineMetadata('design:paramtypes', [Mounts], NarthexModule)
  const mounts = {
    provide: Mounts,
    inject: [...inject],
    useFactory: async (...given: unknown[]) => new Mounts(await useFactory(...given)),
  }
  const registry = { provide: Registry, inject: [Mounts], useFactory: (made: Mounts) => made.registry }
  return {
    module: NarthexModule,
    global: true,
    imports: [...imports],
    providers: [mounts, registry],
    exports: [Registry],
  }
}
