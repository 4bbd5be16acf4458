import type { MetricFamily } from '../model/metric-family.ts'

/** A whole exposition, or its chunks in their order. */
export type TextInput = string | Uint8Array | Iterable<string | Uint8Array>

/** The chunks of an exposition as they arrive, such as the body of a response. */
export type TextStream = AsyncIterable<string | Uint8Array>

/** What reads an exposition chunk by chunk. */
export interface ChunkParser<Chunk> {
  write(chunk: Chunk): void
  end(): MetricFamily[]
}

/** Has `parser` read all of `input`; a promise if the input has to be waited for. */
export function parseAll<Chunk extends string | Uint8Array>(
  parser: ChunkParser<Chunk>,
  input: Chunk | Iterable<Chunk> | AsyncIterable<Chunk>,
): MetricFamily[] | Promise<MetricFamily[]> {
  // Not `instanceof Uint8Array`: bytes may come from another realm, as in some test runners.
  if (typeof input === 'string' || ArrayBuffer.isView(input)) {
    parser.write(input as Chunk)
    return parser.end()
  }
  const chunks: Iterable<Chunk> | AsyncIterable<Chunk> = input
  if (Symbol.asyncIterator in chunks) return parseStream(parser, chunks)
  for (const chunk of chunks) parser.write(chunk)
  return parser.end()
}

async function parseStream<Chunk>(parser: ChunkParser<Chunk>, stream: AsyncIterable<Chunk>): Promise<MetricFamily[]> {
  for await (const chunk of stream) parser.write(chunk)
  return parser.end()
}
