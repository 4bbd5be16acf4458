/** Known to every copy of narthex in the process. */
const IDENTITIES = Symbol.for('narthex.request-identities')

/**
 * The same object for all that count in one of the same metrics, though not every one has all of them on: a request is
 * counted once for each.
 */
export function requestIdentity(metrics: readonly object[]): object {
  const holder = globalThis as { [IDENTITIES]?: WeakMap<object, object> }
  // Not on the metrics themselves: V8 would take those of requests for another kind than the rest.
  const identities = (holder[IDENTITIES] ??= new WeakMap())
  const known = metrics.find((metric) => identities.has(metric))
  const identity = known === undefined ? {} : identities.get(known)!
  for (const metric of metrics) if (!identities.has(metric)) identities.set(metric, identity)
  return identity
}
