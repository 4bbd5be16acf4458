import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

/**
 * What a service does whose client knows no compression, as its middleware would: zlib’s own level, off the event loop.
 */
export async function gzipped(blocks) {
  return [await compress(blocks.length === 1 ? blocks[0] : Buffer.concat(blocks))]
}
