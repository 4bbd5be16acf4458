import { describe, expect, test } from 'vitest'
import { NextRoutes, type NextRoutesManifest } from './next-routes.ts'

/** As `next build` writes it. */
const manifest: NextRoutesManifest = {
  basePath: '',
  staticRoutes: [
    { page: '/', regex: '^/(?:/)?$' },
    { page: '/users/me', regex: '^/users/me(?:/)?$' },
    { page: '/über', regex: '^/über(?:/)?$' },
  ],
  dynamicRoutes: [
    { page: '/docs/[[...path]]', regex: '^/docs(?:/(.+?))?(?:/)?$' },
    { page: '/users/[id]', regex: '^/users/([^/]+?)(?:/)?$' },
    { page: '/users/[id]/items/[...rest]', regex: '^/users/([^/]+?)/items/(.+?)(?:/)?$' },
  ],
  dataRoutes: [{ page: '/users/[id]', dataRouteRegex: '^/_next/data/BUILD/users/([^/]+?)\\.json$' }],
}

describe('the page of a request', () => {
  test.each([
    ['/', '/'],
    ['/?x=/users/1', '/'],
    ['/users/me', '/users/me'],
    ['/users/me/', '/users/me'],
    ['/users/7', '/users/[id]'],
    ['/users/%E0%A4%A', '/users/[id]'],
    ['/users/a%2Fb', '/users/[id]'],
    ['/users/%C3%BC%2fb/items/c', '/users/[id]/items/[...rest]'],
    ['/users/7/items/a/b', '/users/[id]/items/[...rest]'],
    ['/docs', '/docs/[[...path]]'],
    ['/docs/a/b', '/docs/[[...path]]'],
    ['/%C3%BCber', '/über'],
    ['http://127.0.0.1:3000/users/7?x', '/users/[id]'],
    ['/_next/data/BUILD/users/7.json', '/users/[id]'],
    ['/_next/static/chunks/a.js', '/_next/static/*'],
    ['/_next/image?url=%2Fa.png', '/_next/image'],
  ])('%s is %s', (url, page) => {
    expect(new NextRoutes(manifest).pageOf(url)).toBe(page)
  })

  test.each(['/users', '/users/7/items', '/wp-login.php', '/_next/other', '*', '', '//users/7'])(
    '%s has none',
    (url) => {
      expect(new NextRoutes(manifest).pageOf(url)).toBe(url === '' ? '/' : undefined)
    },
  )

  test('is below the base path, and nothing beside it', () => {
    const routes = new NextRoutes({ ...manifest, basePath: '/shop' })
    expect(routes.pageOf('/shop')).toBe('/')
    expect(routes.pageOf('/shop/users/7')).toBe('/users/[id]')
    expect(routes.pageOf('/shop/_next/static/a.js')).toBe('/_next/static/*')
    expect(routes.pageOf('/shopping')).toBe(undefined)
    expect(routes.pageOf('/users/7')).toBe(undefined)
  })

  test('has the same name in every language', () => {
    const routes = new NextRoutes({ ...manifest, i18n: { locales: ['en', 'de-AT'] } })
    expect(routes.pageOf('/de-at/users/7')).toBe('/users/[id]')
    expect(routes.pageOf('/en')).toBe('/')
    expect(routes.pageOf('/fr/users/7')).toBe(undefined)
  })

  test('is none where the build has no routes', () => {
    expect(new NextRoutes({}).pageOf('/users/7')).toBe(undefined)
  })
})
