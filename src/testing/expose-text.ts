import { expositionNames } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import { writePrometheusText } from '../exposition/prometheus-text.ts'
import { readFamilies, type Gatherer, type Readable } from './source.ts'

/** What {@link exposeText} takes. */
export interface ExposeTextOptions {
  /** Only the families that have one of these names, as their own or as that of a sample. */
  readonly names?: readonly string[]
}

/**
 * The exposition in the Prometheus text format, for snapshots. A registry answers later; a metric and families at once.
 *
 * @throws {Error} for a metric with a `collect` callback: it has to be read through its registry
 *
 * @example
 * ```ts
 * import { Counter } from 'narthex'
 * import { exposeText } from 'narthex/testing'
 *
 * const orders = new Counter({ name: 'orders', help: 'Orders taken.', labelNames: ['shop'] })
 * orders.inc({ shop: 'tea' })
 * console.log(exposeText(orders))
 * // # HELP orders_total Orders taken.
 * // # TYPE orders_total counter
 * // orders_total{shop="tea"} 1
 * ```
 */
export function exposeText(source: Gatherer, options?: ExposeTextOptions): Promise<string>
export function exposeText(source: Readable, options?: ExposeTextOptions): string
export function exposeText(source: Gatherer | Readable, options?: ExposeTextOptions): string | Promise<string>
export function exposeText(source: Gatherer | Readable, options: ExposeTextOptions = {}): string | Promise<string> {
  return readFamilies(source, (families) => textOf(wanted(families, options.names)))
}

function wanted(families: readonly MetricFamily[], names: readonly string[] | undefined): readonly MetricFamily[] {
  if (names === undefined) return families
  return families.filter((family) => expositionNames(family).some((name) => names.includes(name)))
}

function textOf(families: readonly MetricFamily[]): string {
  const decoder = new TextDecoder()
  const parts: string[] = []
  for (const block of writePrometheusText(families)) parts.push(decoder.decode(block, { stream: true }))
  return parts.join('') + decoder.decode()
}
