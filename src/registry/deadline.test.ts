import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within, type Deadline } from './deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a deadline', () => {
  test('starts no timer as long as nobody waits', () => {
    const { deadline } = working(1000)
    expect(deadline.signal().aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('passes when its time is over, and aborts', async () => {
    const { deadline } = working(1000)
    const passed = vi.fn<() => void>()
    void deadline.passed().then(passed)
    await vi.advanceTimersByTimeAsync(999)
    expect(passed).not.toHaveBeenCalled()
    expect(deadline.signal().aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(passed).toHaveBeenCalledOnce()
    expect(deadline.signal().aborted).toBe(true)
  })

  test('has one timer, however many wait', () => {
    const { deadline } = working(1000)
    void deadline.passed()
    void deadline.passed()
    expect(vi.getTimerCount()).toBe(1)
  })

  test.each(['done', 'failed'] as const)('leaves no timer behind when the work is %s', async (end) => {
    const { deadline, work, finish } = working(1000)
    const passed = vi.fn<() => void>()
    void deadline.passed().then(passed)
    finish[end]()
    await work
    await vi.advanceTimersByTimeAsync(5000)
    expect(vi.getTimerCount()).toBe(0)
    expect(passed).not.toHaveBeenCalled()
    expect(deadline.signal().aborted).toBe(false)
  })
})

test('a time without end does not end at once', async () => {
  const passed = vi.fn<() => void>()
  void within(Number.POSITIVE_INFINITY, (deadline) => deadline.passed().then(passed))
  await vi.advanceTimersByTimeAsync(1_000_000)
  expect(passed).not.toHaveBeenCalled()
})

/** Work that goes on until it is told how it ends. */
function working(timeoutMs: number): {
  deadline: Deadline
  work: Promise<string>
  finish: Record<'done' | 'failed', () => void>
} {
  let deadline: Deadline | undefined
  let finish = { done: (): void => {}, failed: (): void => {} }
  const work = within(timeoutMs, (given) => {
    deadline = given
    return new Promise<string>((resolve, reject) => {
      finish = { done: () => resolve('done'), failed: () => reject(new Error('failed')) }
    })
  }).catch(() => 'failed')
  return { deadline: deadline!, work, finish }
}
