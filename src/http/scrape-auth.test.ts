import crypto from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance } from 'vitest'
import { ScrapeAuth, type ScrapeAuthOption } from './scrape-auth.ts'

const TOKEN = 'a-token_of.30~characters+here/'
/** Of `tea:time`, cheap to check. */
const HASH = '$scrypt$ln=10,r=8,p=1$c2FsdHNhbHQ$' + key('tea:time', 'saltsalt')
const USER = { username: 'prometheus', passwordHash: HASH }

test('a token is asked for with its scheme', async () => {
  const auth = new ScrapeAuth({ bearerToken: TOKEN })
  expect(auth.challenge).toBe('Bearer realm="metrics"')
  expect(await auth.verdict(`Bearer ${TOKEN}`)).toBe('granted')
  expect(await auth.verdict(`bearer   ${TOKEN} `)).toBe('granted')
  const wrong = [undefined, '', TOKEN, 'Bearer', 'Bearer ', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer x${TOKEN}`]
  for (const header of [...wrong, `Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN} x`, `Bearer ${'x'.repeat(100_000)}`]) {
    expect(await auth.verdict(header)).toBe('refused')
  }
})

test('a password is asked for with its user', async () => {
  const auth = new ScrapeAuth(USER)
  expect(auth.challenge).toBe('Basic realm="metrics", charset="UTF-8"')
  expect(await auth.verdict(basic('prometheus:tea:time'))).toBe('granted')
  const wrong = ['prometheus:tea', 'Prometheus:tea:time', ':tea:time', 'tea:time', 'prometheus', 'nobody:tea:time', '']
  const verdicts = []
  for (const header of [...wrong.map(basic), 'Basic ####', `Bearer ${TOKEN}`]) verdicts.push(await auth.verdict(header))
  expect(verdicts).toEqual(verdicts.map(() => 'refused'))
}, 10_000)

test('there may be several, of both kinds', async () => {
  const other = { username: 'zoë', passwordHash: HASH }
  const auth = new ScrapeAuth([{ bearerToken: TOKEN }, { bearerToken: TOKEN.toUpperCase() }, USER, other])
  expect(auth.challenge).toBe('Bearer realm="metrics", Basic realm="metrics", charset="UTF-8"')
  for (const header of [
    `Bearer ${TOKEN}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    basic('prometheus:tea:time'),
    basic('zoë:tea:time'),
  ]) {
    expect(await auth.verdict(header)).toBe('granted')
  }
})

test.each([
  [[], 'auth must not be empty: leave it out if everybody may scrape.'],
  [{}, 'auth needs a bearerToken, or a username (without a colon) and a passwordHash.'],
  [null, 'auth needs a bearerToken, or a username (without a colon) and a passwordHash.'],
  [{ bearerToken: undefined }, 'auth needs a bearerToken, or a username (without a colon) and a passwordHash.'],
  [{ bearerToken: '' }, 'auth has a bearerToken that is not 16 characters or more, of letters, digits and -._~+/.'],
  [{ bearerToken: 'short' }, 'auth has a bearerToken that is not 16 characters or more'],
  [{ bearerToken: `${TOKEN} ${TOKEN}` }, 'auth has a bearerToken that is not 16 characters or more'],
  [{ username: 'a:b', passwordHash: HASH }, 'auth needs a bearerToken, or a username (without a colon)'],
  [{ username: 'a' }, 'auth has a username without a passwordHash.'],
  [{ username: 'a', passwordHash: 'tea' }, 'A passwordHash must be what hashPassword makes'],
  [[USER, {}], 'auth needs a bearerToken, or a username'],
])('%j lets nobody in by mistake: it is refused', (option, message) => {
  expect(() => new ScrapeAuth(option as ScrapeAuthOption)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
  )
})

test('nothing is drawn or digested before somebody asks: Workers have no randomness while they start', async () => {
  vi.stubGlobal('crypto', undefined)
  const auth = new ScrapeAuth([{ bearerToken: TOKEN }, USER])
  vi.unstubAllGlobals()
  expect(await Promise.all([auth.verdict(`Bearer ${TOKEN}`), auth.verdict(basic('prometheus:tea:time'))])).toEqual([
    'granted',
    'granted',
  ])
})

describe('the work of checking', () => {
  let checks: MockInstance

  const { scrypt } = crypto
  beforeEach(() => void (checks = vi.spyOn(crypto, 'scrypt')))
  afterEach(() => checks.mockRestore())

  test('is done once for the right password, however often it comes', async () => {
    const auth = new ScrapeAuth([USER, { ...USER, username: 'grafana' }])
    for (let i = 0; i < 20; i++) {
      expect(await auth.verdict(basic('prometheus:tea:time'))).toBe('granted')
      expect(await auth.verdict(basic('grafana:tea:time'))).toBe('granted')
    }
    expect(checks).toHaveBeenCalledTimes(2)
  })

  test('is the same for a user that there is and one that there is not', async () => {
    const auth = new ScrapeAuth(USER)
    expect(await auth.verdict(basic('prometheus:wrong'))).toBe('refused')
    expect(checks).toHaveBeenCalledTimes(1)
    expect(await auth.verdict(basic('nobody:wrong'))).toBe('refused')
    expect(checks).toHaveBeenCalledTimes(2)
    const [known, unknown] = checks.mock.calls.map(([, salt, length, cost]) => ({ salt, length, cost }))
    expect(known).toEqual(unknown)
  })

  test('is one at a time, with a pause after a wrong password, and what is too much is sent away', async () => {
    const auth = new ScrapeAuth(USER)
    expect(await auth.verdict(basic('prometheus:tea:time'))).toBe('granted')
    // The first check ends when all guesses have come, however busy the machine is.
    let busy = 0
    checks.mockImplementationOnce((password, salt, length, cost, done) => {
      void vi.waitUntil(() => busy === 92, 10_000).finally(() => scrypt(password, salt, length, cost, done))
    })
    const began = performance.now()
    const guesses = Array.from({ length: 100 }, async (_, i) => {
      const verdict = await auth.verdict(basic(`prometheus:guess ${i}`))
      if (verdict === 'busy') busy++
      return verdict
    })
    // Who is known is not held up.
    expect(await auth.verdict(basic('prometheus:tea:time'))).toBe('granted')
    expect(checks.mock.calls.length).toBeLessThanOrEqual(2)
    const verdicts = await Promise.all(guesses)
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(92)
    expect(verdicts.filter((verdict) => verdict === 'refused')).toHaveLength(8)
    expect(performance.now() - began).toBeGreaterThan(7 * 240)
    expect(await auth.verdict(basic('prometheus:tea:time'))).toBe('granted')
  }, 15_000)
})

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

function key(password: string, salt: string): string {
  return crypto.scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 }).toString('base64').replace(/=+$/, '')
}
