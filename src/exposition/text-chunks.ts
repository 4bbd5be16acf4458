import { KeptBytes } from './kept-bytes.ts'

const LINE_FEED = 10

/** The complete lines that a chunk brought. */
export interface CompleteLines {
  /** Well-formed text; every line in it is ended. */
  readonly text: string
  /** Where the line after `text` stops being UTF-8: a column, from 1. */
  readonly brokenAt?: number
}

/**
 * Makes lines of chunks that may end anywhere, also within a character.
 * What is cut off at the end of a chunk waits for the next one.
 */
export class TextChunks {
  #text = ''
  readonly #kept: KeptBytes = new KeptBytes()

  /** The lines that are complete with this chunk. The chunk may be changed by its owner afterwards. */
  add(chunk: string | Uint8Array): CompleteLines {
    if (typeof chunk === 'string' && this.#kept.length === 0) return this.#addText(chunk)
    if (this.#text !== '') {
      this.#kept.keep(new TextEncoder().encode(this.#text))
      this.#text = ''
    }
    return this.#addBytes(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  }

  /** What is left: a line that has no end. */
  rest(): CompleteLines {
    const rest = this.#kept.length > 0 ? decoded(this.#kept.bytes) : wellFormed(this.#text)
    this.#text = ''
    this.#kept.drop(this.#kept.length)
    return rest
  }

  #addText(chunk: string): CompleteLines {
    const last = chunk.lastIndexOf('\n')
    if (last === -1) {
      this.#text += chunk
      return { text: '' }
    }
    const complete = this.#text + chunk.slice(0, last + 1)
    this.#text = chunk.slice(last + 1)
    return wellFormed(complete)
  }

  #addBytes(chunk: Uint8Array): CompleteLines {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    if (end === 0) {
      this.#kept.keep(chunk)
      return { text: '' }
    }
    if (this.#kept.length === 0) {
      this.#kept.keep(chunk.subarray(end))
      return decoded(chunk.subarray(0, end))
    }
    this.#kept.keep(chunk.subarray(0, end))
    const lines = decoded(this.#kept.bytes)
    this.#kept.drop(this.#kept.length)
    this.#kept.keep(chunk.subarray(end))
    return lines
  }
}

function wellFormed(text: string): CompleteLines {
  if (text.isWellFormed()) return { text }
  const broken = text.search(/\p{Surrogate}/u)
  const start = text.lastIndexOf('\n', broken) + 1
  return { text: text.slice(0, start), brokenAt: broken - start + 1 }
}

function decoded(bytes: Uint8Array): CompleteLines {
  const text = tryDecode(bytes)
  if (text !== undefined) return { text }
  let start = 0
  for (;;) {
    const lineFeed = bytes.indexOf(LINE_FEED, start)
    const line = bytes.subarray(start, lineFeed === -1 ? bytes.length : lineFeed)
    if (tryDecode(line) === undefined) {
      return { text: tryDecode(bytes.subarray(0, start)) ?? '', brokenAt: beginningOf(line).length + 1 }
    }
    start = lineFeed + 1
  }
}

/** As much of a line that is not UTF-8 as is. */
function beginningOf(line: Uint8Array): string {
  let good = 0
  let bad = line.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1
    if (tryDecode(line.subarray(0, middle), true) === undefined) bad = middle
    else good = middle
  }
  return tryDecode(line.subarray(0, good), true) ?? ''
}

/** @param stream the last character need not be complete */
function tryDecode(bytes: Uint8Array, stream: boolean = false): string | undefined {
  try {
    // A byte order mark is no part of any format, so it is not swallowed.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream })
  } catch {
    return undefined
  }
}
