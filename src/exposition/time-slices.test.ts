import { afterEach, expect, test, vi } from 'vitest'
import { TimeSlices } from './time-slices.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a slice is over after two milliseconds, and the next begins with the end of the pause', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const slices = new TimeSlices()
  vi.advanceTimersByTime(1)
  expect(slices.isOver).toBe(false)
  vi.advanceTimersByTime(1)
  expect(slices.isOver).toBe(true)
  await slices.pause()
  expect(slices.isOver).toBe(false)
})

test('in a pause, timers and what came over a socket have their turn', async () => {
  const turns: string[] = []
  setTimeout(() => turns.push('a timer'))
  setImmediate(() => turns.push('an event'))
  // A millisecond is what a timer takes at least.
  const until = performance.now() + 2
  while (performance.now() < until);
  const slices = new TimeSlices()
  await slices.pause()
  await slices.pause()
  expect(turns.toSorted()).toEqual(['a timer', 'an event'])
})

test('a platform without setImmediate pauses, too', async () => {
  vi.stubGlobal('setImmediate', undefined)
  let turned = false
  setTimeout(() => (turned = true))
  await new TimeSlices().pause()
  expect(turned).toBe(true)
})
