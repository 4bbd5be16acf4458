import express5, { type RequestHandler } from 'express'
import express4 from 'express4'
import { expect, test } from 'vitest'
import { alternativesOf, type ExpressLayer } from './express-layer.ts'

const handler: RequestHandler = (_request, _response, next) => next()

test.each([
  ['/users', '/users'],
  ['/users/', '/users'],
  ['/users/:id', '/users/:id'],
  ['/:a/:b', '/:a/:b'],
  ['/:lang?', '/:lang?'],
  ['/:lang(en|de)/x', '/:lang/x'],
  ['/users/:id(\\d+)', '/users/:id'],
  ['/x(ab)/:b', '/x(ab)/:b'],
  ['/flights/:from-:to', '/flights/:from-:to'],
  ['/files/:name.:ext', '/files/:name.:ext'],
  ['/files/*', '/files/*'],
  ['/a.b', '/a.b'],
  ['/v(1|2)/:x', '/v(1|2)/:x'],
  [/^\/v(\d+)/, '^\\/v(\\d+)'],
  [/^\/(a|^b)/, '^\\/(a|^b)'],
])('Express 4: what is mounted at %s has the pattern %s', (path, pattern) => {
  expect(alternativesOf(mounted4(path)).map((each) => each.pattern(''))).toEqual([pattern])
})

test('Express 4: of several paths, each has its pattern', () => {
  const layer = mounted4(['/a', '/b/:x', /^\/v(\d+)/, '/c/:y'])
  const alternatives = alternativesOf(layer)
  expect(alternatives.map((each) => each.pattern(''))).toEqual(['/a', '/b/:x', '^\\/v(\\d+)', '/c/:y'])
  expect(alternatives.map((each) => each.consumed('/b/1/c'))).toEqual([undefined, '/b/1', undefined, undefined])
})

test.each([
  ['/users', '/users', '/users'],
  ['/users/:id', '/users/42', '/users/:id'],
  ['/users/:id', '/users/users', '/users/:id'],
  ['/Users/:id', '/USERS/X', '/users/:id'],
  ['/:a/:b', '/x/x', '/:a/:b'],
  ['/flights/:from-:to', '/flights/LAX-SFO', '/flights/:from-:to'],
  ['/files/:name.:ext', '/files/a.png', '/files/:name.:ext'],
  ['/files/*path', '/files/a/b/c', '/files/*path'],
  ['/a{/:b}', '/a/x', '/a/:b'],
  ['/a{/:b}', '/a', '/a'],
  [/^\/v(\d+)/, '/v17', '(RegExp)'],
])('router 2.0: what is mounted at %s and took %s has the pattern %s', (path, taken, pattern) => {
  const [alternative] = alternativesOf(withoutDeclaration(mounted5(path)))
  expect(alternative?.consumed(taken)).toBe(taken)
  expect(alternative?.pattern(taken)).toBe(pattern)
})

test('router 2.3: what is mounted has the pattern of its declaration', () => {
  const patterns = alternativesOf(mounted5(['/Users/:id', /^\/v(\d+)/, ['/a']])).map((each) => each.pattern(''))
  expect(patterns).toEqual(['/Users/:id', '^\\/v(\\d+)', '/a'])
})

test('what is used without a path has none', () => {
  for (const layer of [mounted4('/'), mounted5('/'), withoutDeclaration(mounted5('/'))]) {
    const [alternative] = alternativesOf(layer)
    expect([alternative?.consumed('/x'), alternative?.pattern('')]).toEqual(['', ''])
  }
})

type Path = string | RegExp | (string | RegExp | string[])[]

function mounted4(path: Path): ExpressLayer {
  const router = express4.Router()
  router.use(path as string, handler as unknown as express4.RequestHandler)
  return router.stack[0] as unknown as ExpressLayer
}

function mounted5(path: Path): ExpressLayer {
  return express5.Router().use(path as string, handler).stack[0] as unknown as ExpressLayer
}

/** Before 2.3, a layer had the same functions, and nothing to tell what they were made of. */
function withoutDeclaration(layer: ExpressLayer): ExpressLayer {
  const { rawPath: _, ...older } = layer
  return older
}
