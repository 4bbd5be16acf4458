// Compiled by test/real/nest.test.ts with the types of each supported NestJS.
import type { DynamicModule } from '@nestjs/common'
import type { AbstractHttpAdapter } from '@nestjs/core'
import type { MiddlewareBuilder } from '@nestjs/core/middleware/builder.js'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import {
  answerScrapes,
  measureRequests,
  metrics,
  MetricsModule,
  type NestHttpAdapter,
  type NestMiddlewareConsumer,
} from 'narthex/nest'

export const modules: DynamicModule[] = [metrics(), measureRequests(), answerScrapes()]
class Configuration {
  readonly prefix = 'shop'
}
class ConfigurationModule {}
export const asyncModules: DynamicModule[] = [
  MetricsModule.forRootAsync({ useFactory: () => ({}) }),
  MetricsModule.forRootAsync({
    imports: [ConfigurationModule, { module: ConfigurationModule }],
    inject: [Configuration, 'token', { token: 'optional', optional: true }],
    useFactory: async ({ prefix }: Configuration) => await Promise.resolve({ prefix }),
  }),
]
export const adapters: NestHttpAdapter[] = [new ExpressAdapter(), new FastifyAdapter()]
export const consumerOf = (builder: MiddlewareBuilder): NestMiddlewareConsumer => builder
export const adapterOf = (adapter: AbstractHttpAdapter): NestHttpAdapter => adapter
