import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AddressInfo, Server } from 'node:net'

/**
 * What the tests use of NestJS, which is not in the tree of this package. That its types fit ours, a compiler checks.
 */
export interface Nest {
  readonly common: Record<'Get' | 'Post', (path?: string) => MethodDecorator> & {
    Controller(options?: string | { path: string; version: string }): ClassDecorator
    Module(metadata: object): ClassDecorator
    UseGuards(guard: new () => object): MethodDecorator
    UseFilters(filter: new () => object): MethodDecorator
    Catch(): ClassDecorator
    Param(name: string, pipe?: new () => object): ParameterDecorator
    Req(): ParameterDecorator
    Res(): ParameterDecorator
    readonly ParseIntPipe: new () => object
  }
  readonly core: {
    readonly NestFactory: {
      create(module: new () => object, adapter: object, options: object): Promise<NestApplication>
    }
  }
  readonly express: { readonly ExpressAdapter: new () => object }
  readonly fastify: { readonly FastifyAdapter: new () => object }
}

export interface NestApplication {
  setGlobalPrefix(prefix: string): unknown
  enableVersioning(options: object): unknown
  use(middleware: (request: object, response: object, next: () => void) => void): unknown
  get(token: unknown): unknown
  init(): Promise<unknown>
  listen(port: number, host: string): Promise<{ address(): AddressInfo | string | null }>
  close(): Promise<void>
  getHttpServer(): Server
  getHttpAdapter(): {
    getInstance(): { ready?(): PromiseLike<unknown>; inject?(url: string): Promise<{ statusCode: number }> }
  }
}

/** The NestJS that is installed in a folder. */
export async function loadNest(folder: string): Promise<Nest> {
  const { resolve } = createRequire(join(folder, 'package.json'))
  const load = async (name: string): Promise<unknown> => await import(pathToFileURL(resolve(name)).href)
  const [common, core] = [await load('@nestjs/common'), await load('@nestjs/core')]
  const [express, fastify] = [await load('@nestjs/platform-express'), await load('@nestjs/platform-fastify')]
  return { common, core, express, fastify } as Nest
}
