import { expect, test, vi } from 'vitest'
import { finishedBy } from './finished-by.ts'

const error = new Error('broken')

test('it ends when a function returns, and the caller gets the result', () => {
  const finish = vi.fn<(failed: boolean) => void>()
  expect(finishedBy(() => 5, finish)).toBe(5)
  expect(finish).toHaveBeenCalledExactlyOnceWith(false)
})

test('it ends when a function throws, and the caller gets the error', () => {
  const finish = vi.fn<(failed: boolean) => void>()
  const throwing = (): never => {
    throw error
  }
  expect(() => finishedBy(throwing, finish)).toThrow(error)
  expect(finish).toHaveBeenCalledExactlyOnceWith(true)
})

test('it ends when a promise resolves, not before, and the caller gets the value afterwards', async () => {
  const finish = vi.fn<(failed: boolean) => void>()
  let resolve: (rows: string) => void = () => {}
  const result = finishedBy(() => new Promise<string>((settle) => (resolve = settle)), finish)
  expect(finish).not.toHaveBeenCalled()
  resolve('rows')
  expect(await result).toBe('rows')
  expect(finish).toHaveBeenCalledExactlyOnceWith(false)
})

test('it ends when a promise rejects, and the caller gets the reason', async () => {
  const finish = vi.fn<(failed: boolean) => void>()
  await expect(finishedBy(() => Promise.reject(error), finish)).rejects.toBe(error)
  expect(finish).toHaveBeenCalledExactlyOnceWith(true)
})

test('it leaves no rejection unhandled but the one that the caller gets', async () => {
  const unhandled = vi.fn<() => void>()
  process.on('unhandledRejection', unhandled)
  try {
    finishedBy(
      () => Promise.reject(error),
      () => {},
    ).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve))
    expect(unhandled).not.toHaveBeenCalled()
  } finally {
    process.off('unhandledRejection', unhandled)
  }
})

test('it takes a promise of any library for one', async () => {
  const finish = vi.fn<(failed: boolean) => void>()
  const thenable: PromiseLike<number> = {
    // oxlint-disable-next-line unicorn/no-thenable -- what is no promise, and what is, is tested
    then: (resolve, reject) => Promise.resolve(5).then(resolve, reject),
  }
  expect(await finishedBy(() => thenable, finish)).toBe(5)
  expect(finish).toHaveBeenCalledExactlyOnceWith(false)
})

// oxlint-disable-next-line unicorn/no-thenable -- what is no promise, and what is, is tested
test.each([[null], [undefined], [0], ['then'], [{ then: true }]])('it takes %j for no promise', (value) => {
  const finish = vi.fn<(failed: boolean) => void>()
  expect(finishedBy(() => value, finish)).toBe(value)
  expect(finish).toHaveBeenCalledOnce()
})
