import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { timed, Timer } from './timer.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

function observer(): { seconds: number[]; observe(seconds: number): void } {
  const seconds: number[] = []
  return { seconds, observe: (each) => void seconds.push(each) }
}

test('a timer records the seconds from its start to its end (CL11)', () => {
  const histogram = observer()
  const timer = new Timer(histogram)
  vi.advanceTimersByTime(1500)
  expect(timer.end()).toBe(1.5)
  expect(histogram.seconds).toEqual([1.5])
})

test('a second end records nothing, and tells the same', () => {
  const histogram = observer()
  const timer = new Timer(histogram)
  vi.advanceTimersByTime(10)
  timer.end()
  vi.advanceTimersByTime(10)
  expect(timer.end()).toBe(0.01)
  expect(histogram.seconds).toEqual([0.01])
})

test('a timer ends with the block that uses it, also when the block throws', () => {
  const histogram = observer()
  expect(() => {
    using _ = new Timer(histogram)
    vi.advanceTimersByTime(250)
    throw new Error('broken')
  }).toThrow('broken')
  expect(histogram.seconds).toEqual([0.25])
})

test('a timer that was ended within its block is not ended again', () => {
  const histogram = observer()
  {
    using timer = new Timer(histogram)
    vi.advanceTimersByTime(250)
    timer.end()
    vi.advanceTimersByTime(250)
  }
  expect(histogram.seconds).toEqual([0.25])
})

test('timers do not disturb each other, and a change of the clock disturbs none', () => {
  const histogram = observer()
  const first = new Timer(histogram)
  vi.advanceTimersByTime(1000)
  const second = new Timer(histogram)
  vi.setSystemTime(0)
  vi.advanceTimersByTime(1000)
  second.end()
  first.end()
  expect(histogram.seconds).toEqual([1, 2])
})

test('a function is timed whether it returns or throws', () => {
  const histogram = observer()
  expect(timed(histogram, () => (vi.advanceTimersByTime(500), 'rows'))).toBe('rows')
  const throwing = (): never => {
    vi.advanceTimersByTime(250)
    throw new Error('broken')
  }
  expect(() => timed(histogram, throwing)).toThrow('broken')
  expect(histogram.seconds).toEqual([0.5, 0.25])
})

test('a promise is timed to its end', async () => {
  const histogram = observer()
  let resolve: (rows: string) => void = () => {}
  const result = timed(histogram, () => new Promise<string>((settle) => (resolve = settle)))
  vi.advanceTimersByTime(2000)
  expect(histogram.seconds).toEqual([])
  resolve('rows')
  expect(await result).toBe('rows')
  expect(histogram.seconds).toEqual([2])
})
