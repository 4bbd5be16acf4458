/** Conformance: the names that every Prometheus server accepts (the "legacy" character set). */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Whether `name` may name a metric. */
export function isMetricName(name: unknown): name is string {
  return typeof name === 'string' && METRIC_NAME.test(name)
}

/** Whether `name` may name a label; reserved names (see {@link isReservedLabelName}) included. */
export function isLabelName(name: unknown): name is string {
  return typeof name === 'string' && LABEL_NAME.test(name)
}

/** Names beginning with two underscores belong to Prometheus itself. */
export function isReservedLabelName(name: string): boolean {
  return name.startsWith('__')
}
