/** A field as it stands on the wire: a varint, eight bytes, or data; and data that is a message as its fields. */
export interface Field {
  readonly number: number
  readonly value: bigint | Uint8Array | { readonly data: Uint8Array } | Field[]
}

/** Which fields are messages, by their number. */
interface Shape {
  readonly [number: number]: Shape
}

const EXEMPLAR: Shape = { 1: {}, 3: {} }
const FAMILY: Shape = {
  4: {
    1: {},
    2: {},
    3: { 2: EXEMPLAR, 3: {} },
    4: { 3: {}, 4: {} },
    5: {},
    7: { 3: { 3: EXEMPLAR }, 9: {}, 12: {}, 15: {}, 16: EXEMPLAR },
  },
}

/** The families of a delimited exposition that nothing is wrong with. */
export function treeOf(bytes: Uint8Array): Field[][] {
  const families: Field[][] = []
  for (let at = 0; at < bytes.length;) {
    const [length, begin] = varintAt(bytes, at)
    at = begin + Number(length)
    families.push(fieldsOf(bytes.subarray(begin, at), FAMILY))
  }
  return families
}

/** The exposition of such families. */
export function bytesOfTree(families: readonly Field[][]): Buffer {
  return Buffer.concat(families.map((fields) => withLength(bytesOf(fields))))
}

function fieldsOf(bytes: Uint8Array, shape: Shape): Field[] {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length;) {
    const [key, begin] = varintAt(bytes, at)
    const number = Number(key >> 3n)
    const wireType = Number(key & 7n)
    if (wireType === 0) {
      const [value, end] = varintAt(bytes, begin)
      fields.push({ number, value })
      at = end
    } else if (wireType === 1) {
      at = begin + 8
      fields.push({ number, value: bytes.subarray(begin, at) })
    } else {
      const [length, from] = varintAt(bytes, begin)
      at = from + Number(length)
      const data = bytes.subarray(from, at)
      fields.push({ number, value: shape[number] === undefined ? { data } : fieldsOf(data, shape[number]) })
    }
  }
  return fields
}

function bytesOf(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(({ number, value }) => {
      const key = BigInt(number) << 3n
      if (typeof value === 'bigint') return Buffer.concat([varint(key), varint(value)])
      if (value instanceof Uint8Array) return Buffer.concat([varint(key | 1n), value])
      return Buffer.concat([varint(key | 2n), withLength(Array.isArray(value) ? bytesOf(value) : value.data)])
    }),
  )
}

function withLength(bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(BigInt(bytes.length)), bytes])
}

function varintAt(bytes: Uint8Array, at: number): [value: bigint, end: number] {
  let value = 0n
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++]!
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return [value, at]
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128)
  return Buffer.from([...bytes, Number(value)])
}
