import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPacked, type InstalledPackage } from '../package/packed.ts'
import { attach, linkPackages } from '../register/attached-program.ts'
import { isMissing, pathOf } from './real-parts.ts'

const PROGRAM = `
  const { Controller, Get, Module } = load('@nestjs/common')
  const { NestFactory } = load('@nestjs/core')
  const { ADAPTER } = load('@nestjs/platform-PLATFORM')
  class Users {
    item() { return 'ok' }
    fail() { throw new Error('deliberate') }
  }
  for (const [name, path] of [['item', 'items/:item'], ['fail', 'fail']]) {
    Get(path)(Users.prototype, name, Object.getOwnPropertyDescriptor(Users.prototype, name))
  }
  Controller('users/:id')(Users)
  class App {}
  Module({ controllers: [Users] })(App)
  const app = await NestFactory.create(App, new ADAPTER(), { logger: false })
  await app.init()
  await app.getHttpAdapter().getInstance().ready?.()
  listen(app.getHttpServer())`

describe.each(['nest11', 'nest12'] as const)('zero code with %s', (part) => {
  // Without the part there is nothing to measure: `npm run test:real` says how to get it.
  describe.skipIf(isMissing(part))('shows its routes', () => {
    let installed: InstalledPackage

    beforeAll(() => {
      installed = installPacked()
      linkPackages(installed.folder, ['@nestjs'], join(pathOf(part), 'node_modules'))
    })

    afterAll(() => {
      installed.remove()
    })

    test.each([
      ['express', 'ExpressAdapter'],
      ['fastify', 'FastifyAdapter'],
    ])('on %s', async (platform, adapter) => {
      const source = PROGRAM.replace('PLATFORM', platform).replaceAll('ADAPTER', adapter)
      const program = await attach({ folder: installed.folder, node: process.execPath }, source)
      for (const path of ['items/2', 'items/3', 'fail', 'nothing']) {
        await (await fetch(`${program.url}/users/1/${path}`)).text()
      }
      expect(await program.scrape('app_request_count_total')).toEqual([
        'app_request_count_total{method="GET",endpoint="/users/:id/items/:item",http_status="200"} 2',
        'app_request_count_total{method="GET",endpoint="/users/:id/fail",http_status="500"} 1',
        'app_request_count_total{method="GET",endpoint="_unmatched",http_status="404"} 1',
      ])
    })
  })
})
