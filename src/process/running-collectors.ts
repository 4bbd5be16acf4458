import type { Registry } from '../registry/registry.ts'
import type { ProcessCollector } from './process-collector.ts'

/** The process metrics of a registry while they run. */
export interface ProcessMetrics {
  /** Unregisters all of them and ends their timers and observers. They may be registered again afterwards. */
  stop(): void
}

/**
 * Shared by all copies of narthex in the process, as the default registry is: a second set would clash with the first.
 */
const KEY = Symbol.for('narthex.process-metrics.1')

/**
 * Starts and registers collectors, unless those of an earlier call still run in this registry: then it is these.
 *
 * @throws {MetricError} `NAME_CLASH` if a name is taken in the registry; nothing is left registered or running.
 */
export function runOnce(registry: Registry, start: () => readonly ProcessCollector[]): ProcessMetrics {
  const running = byRegistry()
  let collectors = running.get(registry)
  if (collectors?.registered !== true) {
    collectors = new RunningCollectors(registry, start())
    collectors.register()
    running.set(registry, collectors)
  }
  return collectors
}

class RunningCollectors implements ProcessMetrics {
  readonly #registry: Registry
  readonly #collectors: readonly ProcessCollector[]

  constructor(registry: Registry, collectors: readonly ProcessCollector[]) {
    this.#registry = registry
    this.#collectors = collectors
  }

  /** Whether they run: a registry that is cleared stops them. */
  get registered(): boolean {
    return this.#collectors.every((collector) => this.#registry.has(collector))
  }

  register(): void {
    try {
      for (const collector of this.#collectors) this.#registry.register(collector)
    } catch (error) {
      this.stop()
      throw error
    }
  }

  stop(): void {
    for (const collector of this.#collectors) {
      if (!this.#registry.unregister(collector)) collector.stop()
    }
    // Stopped a second time, it must not forget who has been started since.
    const running = byRegistry()
    if (running.get(this.#registry) === this) running.delete(this.#registry)
  }
}

function byRegistry(): WeakMap<Registry, RunningCollectors> {
  const holder = globalThis as { [KEY]?: WeakMap<Registry, RunningCollectors> }
  return (holder[KEY] ??= new WeakMap())
}
