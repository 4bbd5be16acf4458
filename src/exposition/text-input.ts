import type { MetricFamily } from '../model/metric-family.ts'
import type { TextParser } from './text-parser.ts'

/** A whole exposition, or its chunks in their order. */
export type TextInput = string | Uint8Array | Iterable<string | Uint8Array>

/** The chunks of an exposition as they arrive, such as the body of a response. */
export type TextStream = AsyncIterable<string | Uint8Array>

/** Has `parser` read all of `input`; a promise if the input has to be waited for. */
export function parseAll(parser: TextParser, input: TextInput | TextStream): MetricFamily[] | Promise<MetricFamily[]> {
  // Not `instanceof Uint8Array`: bytes may come from another realm, as in some test runners.
  if (typeof input === 'string' || ArrayBuffer.isView(input)) {
    parser.write(input)
    return parser.end()
  }
  if (Symbol.asyncIterator in input) return parseStream(parser, input)
  for (const chunk of input) parser.write(chunk)
  return parser.end()
}

async function parseStream(parser: TextParser, stream: TextStream): Promise<MetricFamily[]> {
  for await (const chunk of stream) parser.write(chunk)
  return parser.end()
}
