import type { MetricFamily } from '../model/metric-family.ts'
import { longest } from './byte-writer.ts'
import { FAMILY, TYPE_NUMBERS } from './protobuf-messages.ts'
import { wire } from './protobuf-parts.ts'
import { ProtobufRows } from './protobuf-rows.ts'
import { joined, keyOf, LENGTH_DELIMITED, VARINT, varintOf } from './protobuf-wire.ts'
import { chunksOf } from './text-rows.ts'
import type { WriterOptions } from './writer-options.ts'
import { writtenUnit } from './written-unit.ts'

/** The media type of the protobuf exposition (conformance B1). */
export const PROMETHEUS_PROTOBUF_TYPE =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited'

/** In a function, as a bundle of another format then has nothing of it. */
const KEYS = /* @__PURE__ */ (() => ({
  name: keyOf(FAMILY.name, LENGTH_DELIMITED),
  help: keyOf(FAMILY.help, LENGTH_DELIMITED),
  type: keyOf(FAMILY.type, VARINT),
  unit: keyOf(FAMILY.unit, LENGTH_DELIMITED),
}))()

/** What is written is handed on when there is about so much of it. */
const BLOCK_BYTES = 16_384
/** Room for the length of a family, to be known at its end. */
const LENGTH_BYTES = 2
/** What stands around the texts of a descriptor, at most. */
const DESCRIPTOR_BYTES = 64

/**
 * Writes families as delimited messages of protobuf (conformance B1–B4), block by block.
 *
 * The length of a family stands before it, so the blocks of a large one are handed on at its end; until then there are
 * empty ones, after which the caller may pause.
 */
export function* writePrometheusProtobuf(
  families: Iterable<MetricFamily>,
  { before }: WriterOptions = {},
): Generator<Uint8Array, void, undefined> {
  const names = new Set<string>()
  /** Where the families end that are written, but not handed on. */
  let pending = 0
  for (const family of families) {
    names.add(family.name)
    const rows = new ProtobufRows(family)
    if (before?.messages.keeps(family) === true) {
      yield handedOn(pending)
      pending = 0
      yield* before.messages.write(family, rows, (length) => headOf(family, length))
      continue
    }
    const blocks: Uint8Array[] = []
    let from = pending + LENGTH_BYTES
    let at = putDescriptor(from, family)
    for (const { chunk, end } of chunksOf(family)) {
      for (let row = 0; row < end; row++) {
        at = rows.write(at, chunk, row)
        if (at - from < BLOCK_BYTES) continue
        // The writer's memory is everybody's: all of it is copied out before a pause.
        blocks.push(wire.take(from, at))
        yield handedOn(pending)
        pending = from = at = 0
      }
    }
    if (blocks.length === 0) {
      pending = wire.close(pending, LENGTH_BYTES, at)
      if (pending < BLOCK_BYTES) continue
      yield handedOn(pending)
    } else {
      blocks.push(wire.take(0, at))
      yield Uint8Array.from(varintOf(blocks.reduce((sum, { length }) => sum + length, 0)))
      yield* blocks
    }
    pending = 0
  }
  if (pending > 0) yield handedOn(pending)
  before?.messages.keepOnly(names)
}

/** What stands before the metrics of a family, which take so many bytes. */
function headOf(family: MetricFamily, length: number): Uint8Array {
  const end = putDescriptor(0, family)
  return joined(varintOf(end + length), wire.take(0, end))
}

/**
 * The fields of a family before its metrics. A counter keeps its `_total` (conformance B4); what is empty is absent.
 */
function putDescriptor(at: number, family: MetricFamily): number {
  const { name, help, type } = family
  const unit = writtenUnit(family)
  wire.reserve(at, longest(name) + longest(help) + longest(unit) + DESCRIPTOR_BYTES)
  at = wire.text(wire.byte(at, KEYS.name), name)
  if (help !== '') at = wire.text(wire.byte(at, KEYS.help), help)
  at = wire.varint(wire.byte(at, KEYS.type), TYPE_NUMBERS[type])
  return unit === '' ? at : wire.text(wire.byte(at, KEYS.unit), unit)
}

/** What was written before `end`; the memory is free then. */
function handedOn(end: number): Uint8Array {
  const block = wire.take(0, end)
  wire.release()
  return block
}
