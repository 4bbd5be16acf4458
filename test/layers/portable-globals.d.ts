/**
 * All that the core may use beyond ECMAScript: what Node, Bun, Deno, Workers and browsers have in common.
 * Only tsconfig.portable.json reads this file. Add a line when the core needs one and every one of them has it.
 */

declare const console: {
  warn(...parts: unknown[]): void
  error(...parts: unknown[]): void
}

/** A timer is an object with `unref` on Node and a number elsewhere: `timer.unref?.()` suits both. */
interface PortableTimer {
  unref?(): void
}

declare function setTimeout(callback: () => void, milliseconds?: number): PortableTimer
declare function clearTimeout(timer: PortableTimer | undefined): void
declare function queueMicrotask(callback: () => void): void

declare const performance: {
  readonly timeOrigin: number
  now(): number
}

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, bytes: Uint8Array): { read: number; written: number }
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
