/**
 * Bytes that are retained: on the heap, and in the memory that buffers and typed arrays have outside of it (`external`
 * holds `arrayBuffers` already).
 *
 * @returns {Promise<number>}
 */
export async function retainedBytes() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    // What waits for the event loop before it can be freed.
    await new Promise((resolve) => void setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
