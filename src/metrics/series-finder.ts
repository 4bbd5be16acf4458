import { ABSENT } from '../model/series-columns.ts'
import { NONE, rowOfIds, type SeriesSlots } from './series-slots.ts'

/** Finds the row of a label set; {@link NONE} if there is none, or if what is given is no label set at all. */
export interface SeriesFinder {
  byName(labels: unknown): number
  byPosition(values: readonly unknown[]): number
}

/** A finder for labels of these names. It interns nothing and builds nothing. */
export function seriesFinder(names: readonly string[], where: SeriesSlots): SeriesFinder {
  const count = names.length
  const ids = new Uint32Array(count)
  const byPosition = (values: readonly unknown[]): number => {
    if (values.length !== count) return NONE
    for (let i = 0; i < count; i++) {
      const id = where.pool.idOf(values[i])
      if (id === ABSENT) return NONE
      ids[i] = id
    }
    return rowOfIds(ids, where)
  }
  return {
    byName(labels) {
      if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return NONE
      let given = 0
      for (const _ in labels) given++
      return given === count ? byPosition(names.map((name) => (labels as Record<string, unknown>)[name])) : NONE
    },
    byPosition,
  }
}
