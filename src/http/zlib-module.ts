import { builtinModule } from './builtin-module.ts'

/** What is used of `node:zlib`. */
export interface Zlib {
  deflateRawSync(bytes: Uint8Array, options: object): Uint8Array
  createDeflateRaw(options: object): ZlibStream
  /** From Node 22.15 and 23.8 on. */
  readonly createZstdCompress?: (options: object) => ZlibStream
  /** From Node 20.15 and 22.2 on. */
  readonly crc32?: (bytes: Uint8Array, value?: number) => number
  readonly constants: { readonly Z_FULL_FLUSH: number; readonly ZSTD_c_compressionLevel?: number }
}

/** What is used of its streams, which work in the thread pool. */
export interface ZlibStream {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): unknown
  end(): unknown
  /** The next piece of what is there; `null` if nothing is. */
  read(): Uint8Array | null
  on(event: 'error', listener: (error: Error) => void): this
  on(event: 'data', listener: (piece: Uint8Array) => void): this
  on(event: 'end', listener: () => void): this
  destroy(): unknown
}

/** `undefined` on a platform that has no zlib. */
export function zlibModule(): Zlib | undefined {
  return builtinModule('node:zlib') as Zlib | undefined
}
