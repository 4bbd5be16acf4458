import { LABEL_PAIR } from './protobuf-messages.ts'
import type { WireReader } from './wire-reader.ts'

/** A label pair as it was read last: one object for all, as there are very many. */
export interface ReadLabelPair {
  name: string
  value: string
}

/** Reads a field that is a label pair. Whether the name may be one is for the caller to say. */
export function readLabelPair(reader: WireReader, into: ReadLabelPair): void {
  const outer = reader.enter()
  into.name = ''
  into.value = ''
  for (let seen = 0; reader.nextUpTo(LABEL_PAIR.value);) {
    seen = reader.once(seen)
    if (reader.field === LABEL_PAIR.name) into.name = reader.text('N1')
    else into.value = reader.text('N3')
  }
  reader.leave(outer)
}
