/** The blocks one after the other, as they are: nothing is joined or copied. `length` is that of all, in bytes. */
export function blockStream(blocks: readonly Uint8Array[], length: number): ReadableStream<Uint8Array> {
  const left = blocks.values()
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = left.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
  return withLength(stream, length)
}

/** The stream, with its length where the platform wants it from the stream: Workers do not believe the header. */
export function withLength(stream: ReadableStream<Uint8Array>, length: number | undefined): ReadableStream<Uint8Array> {
  const { FixedLengthStream } = globalThis as { FixedLengthStream?: new (length: number) => LengthStream }
  if (FixedLengthStream === undefined || length === undefined) return stream
  return stream.pipeThrough(new FixedLengthStream(length))
}

interface LengthStream {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
