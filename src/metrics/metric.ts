import { MetricError, shown } from '../errors.ts'
import { addsUp, type Descriptor } from '../model/descriptor.ts'
import { areByName, isLabelValue, textOf, type LabelValue } from '../model/label-set.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { SeriesColumns } from '../model/series-columns.ts'
import type { DeclaredCollector } from '../registry/collector.ts'
import { defaultRegistry } from '../registry/default-registry.ts'
import type { Registry } from '../registry/registry.ts'
import type { MetricOptions } from './descriptor.ts'
import type { LabelArguments, LabelNames } from './labels.ts'
import { generatedLookup } from './generated-lookup.ts'
import { isSampling, SampledSeries, type ExemplarCounts, type RecordingOptions } from './sampled-series.ts'
import { SeriesIndex } from './series-index.ts'
import { NONE } from './series-slots.ts'
import { SeriesTable } from './series-table.ts'
import type { Series } from './series.ts'

/** The value of every label of the series that takes what exceeds `maxSeries`. */
const OVERFLOW = '_overflow'

/** Makes the object of a series whose row begins at `at`. */
export type MakeSeries<S extends Series> = (values: Float64Array, at: number, exemplars: ExemplarCounts) => S

/** What all metrics have: a descriptor, series by labels, and the picture of them at a scrape. */
export abstract class Metric<Names extends LabelNames, S extends Series> implements DeclaredCollector {
  readonly descriptors: readonly [Descriptor]
  readonly declaration: string
  /** The rows, and which row belongs to which label set. */
  protected readonly table: SeriesTable
  protected readonly index: SeriesIndex
  /** The one series of a metric without labels. */
  protected readonly only: S | undefined
  readonly #exemplars: ExemplarCounts = { used: false, dropped: 0 }
  readonly #make: (values: Float64Array, at: number) => S
  readonly #maxSeries: number
  #overflowed = 0

  /**
   * @param width numbers per series
   * @param make a series object for a row
   * @param declared what else of the declaration makes it differ from another, for {@link declaration}
   */
  protected constructor(
    descriptor: Descriptor,
    width: number,
    make: MakeSeries<S>,
    options: MetricOptions,
    declared: object = {},
  ) {
    this.descriptors = [descriptor]
    this.declaration = JSON.stringify({ ...descriptor, maxSeries: options.maxSeries, ...declared })
    this.table = new SeriesTable(width, descriptor.labelNames.length, addsUp(descriptor.type))
    this.index = new SeriesIndex(descriptor.labelNames, this.table)
    this.#make = (values, at) => make(values, at, this.#exemplars)
    this.#maxSeries = options.maxSeries ?? Number.POSITIVE_INFINITY
    // A metric without labels is there from the start (conformance CL14).
    this.only = descriptor.labelNames.length === 0 ? this.seriesAt(this.index.add([])) : undefined
    const lookup = generatedLookup(descriptor.labelNames, this.index, (...given: readonly unknown[]) =>
      this.seriesAt(this.#rowOfArguments(given)),
    )
    if (lookup === undefined) return
    this.index.byName = lookup.byName
    this.labels = lookup.labels as typeof this.labels
  }

  get descriptor(): Descriptor {
    return this.descriptors[0]
  }

  /** How often a new label set was given the overflow series. */
  get overflowed(): number {
    return this.#overflowed
  }

  /** How many exemplars could not be taken. */
  get droppedExemplars(): number {
    return this.#exemplars.dropped
  }

  /**
   * The series of a label set, made when it is first asked for: the same object for the same labels.
   *
   * @param labels by name, or the values by position
   * @throws {MetricError} `INVALID_LABELS` or `INVALID_LABEL_VALUE`; no series was made.
   */
  labels(...labels: LabelArguments<Names>): S {
    return this.seriesAt(this.#rowOfArguments(labels))
  }

  /**
   * Removes the series of a label set from the metric. Whoever kept the series can go on using it, unseen.
   *
   * @returns whether there was one
   * @throws {MetricError} `INVALID_LABELS` or `INVALID_LABEL_VALUE`
   */
  remove(...labels: LabelArguments<Names>): boolean {
    const values = this.#checked(labels).map(textOf)
    const row = this.only === undefined ? this.index.byPosition(values) : NONE
    if (row !== NONE) this.index.remove(row)
    return row !== NONE
  }

  /** Removes all series; a metric without labels begins again from zero. */
  clear(): void {
    if (this.only === undefined) {
      this.index.clear()
      return
    }
    this.table.restart(0)
    SampledSeries.forget(this.only)
  }

  abstract collect(): readonly MetricFamily[]

  /** See {@link DeclaredCollector}: a metric with nothing but data has nothing to take over. */
  adopt(_newer: DeclaredCollector): void {}

  /**
   * The row of labels given by name, which is new or not.
   *
   * @throws {MetricError} as {@link labels}; no row was made.
   */
  protected rowByName(labels: unknown): number {
    const row = this.index.byName(labels)
    return row === NONE ? this.rowOfValues(this.checkedByName(labels)) : row
  }

  /** Lets the series of a row have an exemplar of a value that was recorded, if there is one to be had. */
  protected sampleIn(row: number, value: number, options: RecordingOptions | undefined): void {
    if (options !== undefined || isSampling()) SampledSeries.sample(this.seriesAt(row), value, options)
  }

  /** @param values checked, in the order of the declaration */
  protected rowOfValues(values: readonly LabelValue[]): number {
    const texts = values.map(textOf)
    const row = this.index.byPosition(texts)
    if (row !== NONE) {
      // Found by its text: next time it is found by the number or boolean that was given.
      for (const [i, value] of values.entries()) this.index.labels[i]!.intern(value)
      return row
    }
    return this.table.size < this.#maxSeries ? this.index.add(values) : this.#rowBeyond(values)
  }

  protected seriesAt(row: number): S {
    return this.table.seriesAt(row, this.#make)
  }

  /** The one series. @throws {MetricError} `INVALID_LABELS` if the metric has labels */
  protected unlabelled(): S {
    if (this.only === undefined) throw this.#wrongLabels('it was used without labels')
    return this.only
  }

  protected snapshot(): SeriesColumns {
    const columns = this.table.snapshot(this.index.texts)
    if (!this.#exemplars.used) return columns
    const nowMs = Date.now()
    const chunks = columns.chunks.map((chunk, i) => {
      const exemplars = SampledSeries.exemplarsOf(this.table.seriesOf(i), nowMs)
      return exemplars === undefined ? chunk : { ...chunk, exemplars }
    })
    return { ...columns, chunks }
  }

  #rowOfArguments(labels: readonly unknown[]): number {
    if (isByName(labels)) return this.rowByName(labels[0])
    const row = this.index.byPosition(labels)
    return row === NONE ? this.rowOfValues(this.#checked(labels)) : row
  }

  /**
   * The row of a label set that comes too late, unless the overflow series is one of the rows: it is none of the
   * `maxSeries`.
   */
  #rowBeyond(values: readonly LabelValue[]): number {
    const overflow = values.map(() => OVERFLOW)
    const row = this.index.byPosition(overflow)
    if (row !== NONE && this.table.size === this.#maxSeries) return this.index.add(values)
    this.#overflowed++
    return row === NONE ? this.index.add(overflow) : row
  }

  /** The values in the order of the declaration, by name or position. @throws {MetricError} as {@link labels} */
  #checked(labels: readonly unknown[]): LabelValue[] {
    if (isByName(labels)) return this.checkedByName(labels[0])
    const { labelNames } = this.descriptor
    if (labels.length !== labelNames.length) throw this.#wrongLabels(`${labels.length} values were given`)
    return labels.map((value, i) => this.#checkedValue(labelNames[i]!, value))
  }

  protected checkedByName(labels: unknown): LabelValue[] {
    const { labelNames } = this.descriptor
    if (!areByName(labels)) throw this.#wrongLabels(`${shown(labels)} was given instead of labels by name`)
    let given = 0
    for (const name in labels) {
      if (!labelNames.includes(name)) throw this.#wrongLabels(`the label ${shown(name)} was given`)
      given++
    }
    if (given < labelNames.length) {
      const missing = labelNames.find((name) => !isGiven(labels, name))
      throw this.#wrongLabels(`the label ${missing} is missing`)
    }
    return labelNames.map((name) => this.#checkedValue(name, labels[name]))
  }

  #checkedValue(name: string, value: unknown): LabelValue {
    if (isLabelValue(value)) return value
    throw new MetricError(
      'INVALID_LABEL_VALUE',
      `The label ${name} of ${this.descriptor.name} was given ${shown(value)}: a value is a string, a number or a boolean.`,
    )
  }

  #wrongLabels(what: string): MetricError {
    const { name, labelNames } = this.descriptor
    const has = labelNames.length === 0 ? 'no labels' : `the labels ${labelNames.join(', ')}`
    return new MetricError('INVALID_LABELS', `${name} has ${has}, but ${what}.`)
  }
}

/**
 * Registers a new metric, or returns the one that is there with the same declaration: what `counter(…)` and its like
 * do.
 */
export function declare<M extends DeclaredCollector>(metric: M, registry: Registry = defaultRegistry): M {
  return registry.registerOrReuse(metric)
}

function isGiven(labels: object, name: string): boolean {
  for (const each in labels) if (each === name) return true
  return false
}

function isByName(labels: readonly unknown[]): boolean {
  return labels.length === 1 && typeof labels[0] === 'object'
}
