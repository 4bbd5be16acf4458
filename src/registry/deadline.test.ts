import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { deadlineIn } from './deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a deadline', () => {
  test('starts no timer as long as nobody waits', () => {
    const deadline = deadlineIn(1000)
    expect(deadline.signal().aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('passes when its time is over, and aborts', async () => {
    const deadline = deadlineIn(1000)
    const signal = deadline.signal()
    const passed = vi.fn<() => void>()
    void deadline.passed().then(passed)
    await vi.advanceTimersByTimeAsync(999)
    expect(passed).not.toHaveBeenCalled()
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(passed).toHaveBeenCalledOnce()
    expect(signal.aborted).toBe(true)
  })

  test('has one timer, however many wait', () => {
    const deadline = deadlineIn(1000)
    void deadline.passed()
    void deadline.passed()
    expect(vi.getTimerCount()).toBe(1)
  })

  test('leaves no timer behind when the work has ended', async () => {
    const deadline = deadlineIn(1000)
    const passed = vi.fn<() => void>()
    void deadline.passed().then(passed)
    deadline.end()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(5000)
    expect(passed).not.toHaveBeenCalled()
    expect(deadline.signal().aborted).toBe(false)
  })
})

test('a time without end does not end at once', async () => {
  const passed = vi.fn<() => void>()
  void deadlineIn(Number.POSITIVE_INFINITY).passed().then(passed)
  await vi.advanceTimersByTimeAsync(1_000_000)
  expect(passed).not.toHaveBeenCalled()
})
