import fc from 'fast-check'
import { metricFamily } from 'narthex'
import { writePrometheusProtobuf } from 'narthex/exposition'
import { anyText } from '../conformance/any-family.ts'
import { anyRichFamily } from '../conformance/any-rich-family.ts'
import { treeOf, bytesOfTree, type Field } from './protobuf-tree.ts'

/** Of as many as there are, all alike. */
const anyPlace = fc.noBias(fc.nat())
const anyNumber = fc.constantFrom(
  0n,
  1n,
  2n,
  127n,
  128n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
)
const anyDouble = fc.constantFrom(0, 1, 0.5, -1, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)

/** Bytes that are a field, or the value of one, of any kind. */
const anyValue: fc.Arbitrary<Field['value']> = fc.oneof(
  anyNumber,
  anyDouble.map((double) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(double)
    return bytes
  }),
  fc.constantFrom('', 'a', 'le', 'quantile', '__proto__', 'ü', 'x_bucket').map((text) => ({ data: Buffer.from(text) })),
  fc.uint8Array({ maxLength: 12 }).map((data) => ({ data })),
)

/** A field is taken away, put there twice, put elsewhere, or has another number or value; lengths stay right. */
const anyFieldChange = fc.record({
  at: anyPlace,
  to: anyPlace,
  kind: fc.constantFrom('remove', 'repeat', 'move', 'number', 'value'),
  number: fc.integer({ min: 0, max: 18 }),
  value: anyValue,
})

/** Bytes are taken away at a place, and others put there: lengths are mostly wrong then. */
const anyByteChange = fc.record({ at: anyPlace, removed: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) })

/** Protobuf expositions that were changed at a few places; most are none any more. */
export const mutatedProtobuf: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.array(anyRichFamily(anyText).map(metricFamily), { maxLength: 3 }),
    fc.array(anyFieldChange, { maxLength: 3 }),
    fc.oneof(fc.constant([]), fc.array(anyByteChange, { maxLength: 2 })),
  )
  .map(([families, fieldChanges, byteChanges]) => {
    const tree = treeOf(Buffer.concat([...writePrometheusProtobuf(families)]))
    for (const change of fieldChanges) changeField(tree, change)
    return byteChanges.reduce<Buffer>((bytes, { at, removed, put }) => {
      const place = at % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + removed)])
    }, bytesOfTree(tree))
  })

type FieldChange = typeof anyFieldChange extends fc.Arbitrary<infer Change> ? Change : never

function changeField(tree: Field[][], { at, to, kind, number, value }: FieldChange): void {
  const lists = tree.flatMap(listsIn)
  const places = lists.flatMap((list) => list.map((_, i) => ({ list, i })))
  if (places.length === 0) return
  const { list, i } = places[at % places.length]!
  const target = lists[to % lists.length]!
  const field = list[i]!
  switch (kind) {
    case 'remove':
      list.splice(i, 1)
      break
    case 'repeat':
      list.splice(i, 0, field)
      break
    case 'move':
      list.splice(i, 1)
      // Not into itself.
      if (!listsIn(Array.isArray(field.value) ? field.value : []).includes(target)) target.push(field)
      break
    case 'number':
      list[i] = { ...field, number }
      break
    case 'value':
      list[i] = { ...field, value }
      break
  }
}

/** The fields of a message, and those of all messages in it. */
function listsIn(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ value }) => (Array.isArray(value) ? listsIn(value) : []))]
}
