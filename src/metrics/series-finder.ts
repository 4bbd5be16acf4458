import { ABSENT } from '../model/series-columns.ts'
import type { LabelPool } from './label-pool.ts'
import type { SeriesTable } from './series-table.ts'

/** Not a row. */
export const NONE = -1

/** A slot that no row uses, and one whose row was removed. A used slot holds its row. */
export const FREE_SLOT = -1
export const REMOVED_SLOT = -2

/** 2^32 divided by the golden ratio, made odd: its multiples are spread evenly (Knuth, The Art of Computer Programming 3, 6.4). */
const GOLDEN = 0x9e3779b1

/** The memory that a finder looks in. */
export interface SeriesSlots {
  pool: LabelPool
  readonly table: SeriesTable
  /** Rows by the hash of their label ids: open addressing, a power of two, never full. */
  slots: Int32Array
}

/** Finds the row of a label set; {@link NONE} if there is none, or if what is given is no label set at all. */
export interface SeriesFinder {
  byName(labels: unknown): number
  byPosition(values: readonly unknown[]): number
}

/**
 * A finder for labels of these names. Interns nothing and builds nothing: an id per value, one probe of the slots, and
 * a comparison of the ids, one by one.
 *
 * Where the platform allows it, the code is generated: `labels.endpoint` in code of its own is several times faster than
 * `labels[name]` in code that all metrics share (question labelled-inc of the benchmarks). Where it is not
 * (Workers, pages with a content security policy) a loop does the same.
 */
export function seriesFinder(names: readonly string[], where: SeriesSlots): SeriesFinder {
  return (names.length > 0 ? generatedFinder(names, where) : undefined) ?? loopingFinder(names, where)
}

/** The hash of label ids: `count` of them from `at`. */
export function hashOfIds(ids: Uint32Array, at: number, count: number): number {
  let hash = 0
  for (let i = 0; i < count; i++) hash = (hash + Math.imul(ids[at + i]!, multiplier(i))) | 0
  return hash ^ (hash >>> 15)
}

/**
 * An odd number of its own for every label: a power of the golden one, so that no two are simple multiples of each other.
 * The products are summed up, so none has to wait for another.
 */
function multiplier(position: number): number {
  while (multipliers.length <= position) multipliers.push(Math.imul(GOLDEN, multipliers.at(-1)!))
  return multipliers[position]!
}

const multipliers: number[] = [GOLDEN | 0]

/** The finder that needs no code generation. */
export function loopingFinder(names: readonly string[], where: SeriesSlots): SeriesFinder {
  const count = names.length
  const ids = new Uint32Array(count)
  return {
    byName(labels) {
      if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return NONE
      let given = 0
      for (const _ in labels) given++
      if (given !== count) return NONE
      for (let i = 0; i < count; i++) {
        const id = where.pool.idOf((labels as Record<string, unknown>)[names[i]!])
        if (id === ABSENT) return NONE
        ids[i] = id
      }
      return rowOfIds(ids, where)
    },
    byPosition(values) {
      if (values.length !== count) return NONE
      for (let i = 0; i < count; i++) {
        const id = where.pool.idOf(values[i])
        if (id === ABSENT) return NONE
        ids[i] = id
      }
      return rowOfIds(ids, where)
    },
  }
}

function rowOfIds(ids: Uint32Array, { slots, table }: SeriesSlots): number {
  const count = ids.length
  const mask = slots.length - 1
  for (let slot = hashOfIds(ids, 0, count) & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot]!
    if (row === FREE_SLOT) return NONE
    if (row === REMOVED_SLOT) continue
    const { labelIds } = table.chunks[row >>> table.chunkShift]!
    const at = (row & table.chunkMask) * count
    let i = 0
    while (i < count && labelIds[at + i] === ids[i]) i++
    if (i === count) return row
  }
}

type FinderFactory = (where: SeriesSlots, shift: number, mask: number) => SeriesFinder

/** By label names: metrics with the same names share the code. `undefined` where code may not be generated. */
const factories = new Map<string, FinderFactory | undefined>()

function generatedFinder(names: readonly string[], where: SeriesSlots): SeriesFinder | undefined {
  const key = JSON.stringify(names)
  if (!factories.has(key)) factories.set(key, generate(names))
  return factories.get(key)?.(where, where.table.chunkShift, where.table.chunkMask)
}

function generate(names: readonly string[]): FinderFactory | undefined {
  try {
    // Only constants of this file and JSON strings go into the code, so no name can break out of its quotes.
    // oxlint-disable-next-line typescript/no-implied-eval -- the one place where code is generated, see above
    return new Function('where', 'shift', 'mask', finderCode(names)) as FinderFactory
  } catch {
    return undefined
  }
}

/** {@link loopingFinder}, with its loops over the names written out. */
function finderCode(names: readonly string[]): string {
  const each = (code: (name: string, i: number) => string): string => names.map(code).join('\n')
  const find = (valueOf: (name: string, i: number) => string): string => `
    const pool = where.pool
    ${each((name, i) => `const id${i} = pool.idOf(${valueOf(name, i)}); if (id${i} === ${ABSENT}) return ${NONE}`)}
    const hash = (${names.map((_, i) => `Math.imul(id${i}, ${multiplier(i)})`).join(' + ')}) | 0
    const slots = where.slots
    const last = slots.length - 1
    for (let slot = (hash ^ (hash >>> 15)) & last; ; slot = (slot + 1) & last) {
      const row = slots[slot]
      if (row === ${FREE_SLOT}) return ${NONE}
      if (row === ${REMOVED_SLOT}) continue
      const labelIds = chunks[row >>> shift].labelIds
      const at = (row & mask) * ${names.length}
      if (${names.map((_, i) => `labelIds[at + ${i}] === id${i}`).join(' && ')}) return row
    }`
  return `const { chunks } = where.table
  return {
    byName(labels) {
      if (typeof labels !== 'object'${names.includes('length') ? ' || Array.isArray(labels)' : ''}) return ${NONE}
      let given = 0
      for (const _ in labels) given++
      if (given !== ${names.length}) return ${NONE}
      ${find((name) => `labels[${JSON.stringify(name)}]`)}
    },
    byPosition(values) {
      if (values.length !== ${names.length}) return ${NONE}
      ${find((_, i) => `values[${i}]`)}
    },
  }`
}
