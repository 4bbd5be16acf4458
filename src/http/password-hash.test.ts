import { expect, test, vi } from 'vitest'
import { hashPassword, isEqual, PasswordHash } from './password-hash.ts'

/** Made by `hashlib.scrypt` of Python, of the password `crème brûlée`. */
const OF_PYTHON = '$scrypt$ln=10,r=8,p=2$bmFydGhleCBzYWx0IDE2Yg$S3y0Q96A/dfl/7yYvoeq/S2vskQZAEdaL04o0wA4kmY'

test('a password matches its hash, and no other does', async () => {
  const hash = new PasswordHash(await hashPassword('tea & cakes'))
  expect(await hash.matches('tea & cakes')).toBe(true)
  expect(await hash.matches('tea & cake')).toBe(false)
  expect(await hash.matches('')).toBe(false)
})

test('two hashes of one password have nothing in common', async () => {
  const [one, other] = [await hashPassword('tea'), await hashPassword('tea')]
  expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(one.slice(23, 45)).not.toBe(other.slice(23, 45))
})

test('a hash that another tool made is one, too', async () => {
  const hash = new PasswordHash(OF_PYTHON)
  expect(await hash.matches('crème brûlée')).toBe(true)
  expect(await hash.matches('creme brulee')).toBe(false)
})

test.each([
  '',
  'password',
  OF_PYTHON.replace('scrypt', 'bcrypt'),
  OF_PYTHON.replace('ln=10', 'ln=9'),
  // 256 MiB for each check.
  OF_PYTHON.replace('ln=10', 'ln=18'),
  OF_PYTHON.replace('p=2', 'p=99'),
  OF_PYTHON.replace('r=8', 'r=0'),
  OF_PYTHON.replace('bmFydGhleCBzYWx0IDE2Yg', 'bmFy'),
  OF_PYTHON.slice(0, 60),
  `${OF_PYTHON}\n`,
  undefined as unknown as string,
])('%j is no hash, and the message does not repeat it', (text) => {
  expect(() => new PasswordHash(text)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: 'A passwordHash must be what hashPassword makes: $scrypt$ln=14,r=8,p=5$….',
    }),
  )
})

test.each(['', undefined as unknown as string])('%j is no password', async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})

test('a runtime without scrypt says so', async () => {
  vi.stubGlobal('process', { getBuiltinModule: () => undefined })
  try {
    const error = { code: 'INVALID_OPTION', message: expect.stringContaining('use a bearerToken') }
    expect(() => new PasswordHash(OF_PYTHON)).toThrow(expect.objectContaining(error))
    await expect(hashPassword('tea')).rejects.toMatchObject(error)
  } finally {
    vi.unstubAllGlobals()
  }
})

test('bytes are equal if they are the same, and as many', () => {
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false)
  expect(isEqual(Uint8Array.of(1, 2, 0), Uint8Array.of(1, 2))).toBe(false)
})
