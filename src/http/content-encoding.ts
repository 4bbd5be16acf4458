import { CODINGS, preferredCoding, type Coding } from './accept-encoding.ts'
import { lengthOf } from '../exposition/exposition.ts'
import { Gzip } from './gzip.ts'
import { zlibModule } from './zlib-module.ts'
import { Zstd } from './zstd.ts'

/** A body of fewer bytes is one packet on the network, compressed or not. */
const WORTH_IT = 1400

/** A body as it is sent. */
export interface EncodedBody {
  /** The value of `Content-Encoding`; none for a body as it is. */
  readonly coding?: 'zstd' | 'gzip'
  readonly blocks: readonly Uint8Array[]
}

/** Encodes bodies as scrapers accept it, with what the platform has: gzip on Node 20, zstd from 22.15 on too. */
export class ContentEncoding {
  readonly #gzip: Gzip | undefined
  readonly #zstd: Zstd | undefined
  readonly #available: readonly Coding[]
  /** What was asked for last, and the answer: a scraper asks for the same each time. */
  #accepted: string | undefined
  #coding: Coding = 'identity'

  constructor(zlib: ReturnType<typeof zlibModule> = zlibModule()) {
    this.#gzip = zlib && Gzip.of(zlib)
    this.#zstd = zlib && Zstd.of(zlib)
    const available = { zstd: this.#zstd !== undefined, gzip: this.#gzip !== undefined, identity: true }
    this.#available = CODINGS.filter((coding) => available[coding])
  }

  /** By the value of an `Accept-Encoding` header. */
  async encode(blocks: readonly Uint8Array[], accepted: string | undefined): Promise<EncodedBody> {
    if (lengthOf(blocks) < WORTH_IT) return { blocks }
    const coding = this.#codingFor(accepted)
    if (coding === 'identity') return { blocks }
    const compressor = coding === 'zstd' ? this.#zstd! : this.#gzip!
    return { coding, blocks: await compressor.compress(blocks) }
  }

  #codingFor(accepted: string | undefined): Coding {
    if (accepted === this.#accepted) return this.#coding
    this.#accepted = accepted
    return (this.#coding = preferredCoding(accepted, this.#available))
  }
}
