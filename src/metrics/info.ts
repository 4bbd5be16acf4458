import { MetricError, shown } from '../errors.ts'
import type { Descriptor } from '../model/descriptor.ts'
import { isLabelValue, type LabelSet, type LabelValue } from '../model/label-set.ts'
import { metricFamily } from '../model/build-family.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { DeclaredCollector } from '../registry/collector.ts'
import type { Registry } from '../registry/registry.ts'
import { checkedLabelName, describe } from './descriptor.ts'
import { declare } from './metric.ts'

/** What an info is declared with. */
export interface InfoOptions {
  /** As of every metric; without `_info` it gains it on the wire. */
  readonly name: string
  /** What is told, for the people who will read it. */
  readonly help: string
  /** Lets the name and the label names be any text, see {@link MetricOptions}. */
  readonly utf8?: boolean
}

/**
 * Texts about the target that do not change while it runs, such as its version: the labels of one series that is always
 * 1. Built so, it is in no registry yet; {@link info} builds and registers.
 */
export class Info implements DeclaredCollector {
  readonly descriptors: readonly [Descriptor]
  readonly declaration: string
  readonly #utf8: boolean
  #labels: LabelSet | undefined

  /** @throws {MetricError} if the declaration breaks a rule, see {@link MetricErrorCode} */
  constructor(options: InfoOptions) {
    const { name, help, utf8 = false } = options
    const descriptor = describe({ name, help, utf8 }, 'info')
    this.descriptors = [descriptor]
    this.#utf8 = utf8
    this.declaration = JSON.stringify(descriptor)
  }

  get descriptor(): Descriptor {
    return this.descriptors[0]
  }

  /**
   * Tells `labels` from now on, and nothing of what it told before.
   *
   * @throws {MetricError} `INVALID_LABELS`, `INVALID_LABEL_NAME`, `RESERVED_LABEL_NAME` or `INVALID_LABEL_VALUE`; what
   * it told stays.
   */
  set(labels: Readonly<Record<string, LabelValue>>): void {
    const { name } = this.descriptor
    if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
      throw new MetricError('INVALID_LABELS', `${name} was given ${shown(labels)} instead of labels by name.`)
    }
    const pairs = Object.entries(labels).map(([label, value]) => {
      checkedLabelName(label, name, 'info', this.#utf8)
      if (isLabelValue(value)) return [label, String(value)]
      throw new MetricError(
        'INVALID_LABEL_VALUE',
        `The label ${label} of ${name} was given ${shown(value)}: a value is a string, a number or a boolean.`,
      )
    })
    this.#labels = Object.fromEntries(pairs) as LabelSet
  }

  /** Tells nothing any more. */
  clear(): void {
    this.#labels = undefined
  }

  collect(): readonly MetricFamily[] {
    const { name, help } = this.descriptor
    const samples = this.#labels === undefined ? [] : [{ labels: this.#labels, value: 1 }]
    return [metricFamily({ name, help, type: 'info', samples })]
  }

  adopt(): void {}
}

/**
 * Declares an info and registers it. Asked again with the same declaration, it returns the one that is there.
 *
 * @throws {MetricError} `DIFFERENT_DECLARATION` or `NAME_CLASH` if the name is taken, or as {@link Info}
 *
 * @example
 * ```ts
 * import { expose, info } from 'narthex'
 *
 * info({ name: 'app_version', help: 'Application Version' }).set({ version: '1', config: 'develop' })
 * console.log(await expose())
 * // # HELP app_version_info Application Version
 * // # TYPE app_version_info gauge
 * // app_version_info{version="1",config="develop"} 1
 * ```
 */
export function info(options: InfoOptions & { readonly registry?: Registry }): Info {
  return declare(new Info(options), options.registry)
}
