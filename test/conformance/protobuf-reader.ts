import { readFileSync } from 'node:fs'
import { parse, Reader } from 'protobufjs'

const { root } = parse(readFileSync(new URL('metric-family.proto', import.meta.url), 'utf8'))
const MetricFamily = root.lookupType('io.prometheus.client.MetricFamily')

/** Fields that are set, by their names in camel case; numbers of 64 bits as numbers, enumerations by name. */
export type ReadMessage = Readonly<Record<string, unknown>>

/** The families of a delimited exposition as protobufjs reads them. @throws whatever it finds wrong */
export function readProtobuf(bytes: Uint8Array): ReadMessage[] {
  const reader = Reader.create(bytes)
  const families: ReadMessage[] = []
  while (reader.pos < reader.len) {
    const message = MetricFamily.decodeDelimited(reader)
    families.push(MetricFamily.toObject(message, { longs: Number, enums: String }))
  }
  return families
}

/** The same families as protobufjs writes them. */
export function protobufOf(families: readonly ReadMessage[]): Uint8Array {
  return Buffer.concat(families.map((family) => MetricFamily.encodeDelimited(MetricFamily.fromObject(family)).finish()))
}
