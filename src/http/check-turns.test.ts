import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CheckTurns } from './check-turns.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('checks run one after the other, in their order, with a pause after each that failed', async () => {
  const turns = new CheckTurns()
  const began: [string, number][] = []
  const startMs = performance.now()
  const taking = ['right', 'wrong', 'last'].map(async (name) =>
    turns.take(async () => {
      began.push([name, performance.now() - startMs])
      await new Promise((resolve) => setTimeout(resolve, 100))
      return name !== 'wrong'
    }),
  )
  await vi.advanceTimersByTimeAsync(1000)
  expect(await Promise.all(taking)).toEqual([true, false, true])
  expect(began).toEqual([
    ['right', 0],
    ['wrong', 100],
    // Not before 100 + 100 + 250; it looks every 20 ms.
    ['last', 460],
  ])
})

test('who comes when eight are there is sent away, and nobody who comes later', async () => {
  const turns = new CheckTurns()
  const all = Array.from({ length: 9 }, () => turns.take(async () => await Promise.resolve(true)))
  await vi.advanceTimersByTimeAsync(1000)
  expect((await Promise.all(all)).filter((result) => result === undefined)).toHaveLength(1)
  expect(await turns.take(async () => await Promise.resolve(true))).toBe(true)
})

test('what is left behind in the middle of its check, or while it waits, holds up nobody for ever', async () => {
  const turns = new CheckTurns()
  const never = async (): Promise<boolean> => await new Promise(() => {})
  void turns.take(never)
  const next = turns.take(async () => await Promise.resolve(true))
  await vi.advanceTimersByTimeAsync(9_900)
  expect(await Promise.race([next, 'waits'])).toBe('waits')
  await vi.advanceTimersByTimeAsync(200)
  expect(await next).toBe(true)
})

test('an error of a check is that of its taker, and counts as a failure', async () => {
  const turns = new CheckTurns()
  await expect(turns.take(async () => await Promise.reject(new Error('deliberate')))).rejects.toThrow('deliberate')
  const next = turns.take(async () => await Promise.resolve(true))
  await vi.advanceTimersByTimeAsync(240)
  expect(await Promise.race([next, 'waits'])).toBe('waits')
  await vi.advanceTimersByTimeAsync(40)
  expect(await next).toBe(true)
})
