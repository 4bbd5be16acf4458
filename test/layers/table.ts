/**
 * Who may import whom under src/: data flows one way, from `model` up.
 * ARCHITECTURE.md tells the same to people; this is what the test holds the imports against.
 *
 * A key is a folder, or a single file that may do more than the rest of its folder.
 */
export const layers: LayerTable = {
  // L0: plain immutable data.
  model: { imports: [] },

  // L1: live instruments, and who is asked at a scrape.
  registry: { imports: ['model'] },
  metrics: { imports: ['model', 'registry'] },

  // L2: families to bytes and back. Never sees an instrument, a registry or HTTP.
  exposition: { imports: ['model'] },

  // The core as one: its public surface, and the one function that joins a registry and a format.
  'index.ts': { imports: ['model', 'registry', 'metrics', 'exposition', 'expose.ts'] },
  'expose.ts': { imports: ['registry', 'exposition'] },
  'errors.ts': { imports: [], everybodys: true },
  'thenable.ts': { imports: [], everybodys: true },
  'option-names.ts': { imports: [], everybodys: true },
  'console-warning.ts': { imports: [], everybodys: true },

  // L3: policies over the core.
  http: { imports: ['model', 'registry', 'metrics', 'exposition', 'testing'] },
  process: { imports: ['model', 'registry', 'metrics'], node: true },
  // Who tells of a request is a channel of Node or of undici: `node:` for these, and for nothing else.
  outgoing: { imports: ['registry', 'metrics', 'http'] },
  'outgoing/channel-listener.ts': { imports: [], node: true },
  aggregate: { imports: ['model', 'registry'], node: true },
  push: { imports: ['model', 'registry', 'exposition'] },
  opentelemetry: { imports: ['metrics'], packages: ['@opentelemetry/api'] },
  testing: { imports: ['model', 'registry', 'metrics', 'exposition'] },

  // L4: what a user mounts or runs. Adapters know HTTP, and the process metrics that they register by default.
  adapters: { imports: ['http', 'process'] },
  'adapters/node-http.ts': { imports: ['http', 'process'], node: true },
  // Injects the registry.
  'adapters/nest.ts': { imports: ['http', 'process', 'registry'] },
  'adapters/metrics-server.ts': { imports: ['http', 'process'], node: true },
  'adapters/node-connections.ts': { imports: ['http'], node: true },
  'adapters/next.ts': { imports: ['http'], node: true },
  'adapters/next-routes.ts': { imports: ['http'], node: true },
  dashboard: { imports: ['model', 'registry', 'exposition', 'http'], node: true },
  cli: { imports: ['model', 'registry', 'exposition', 'http', 'push', 'dashboard'], node: true },
  register: {
    imports: ['model', 'registry', 'metrics', 'exposition', 'http', 'process', 'outgoing', 'opentelemetry', 'adapters'],
    node: true,
  },
}

export type LayerTable = Readonly<Record<string, Layer>>

export interface Layer {
  /** The folders and lone files it may import, besides its own folder and what is everybody's. */
  readonly imports: readonly string[]
  /** Whether every folder may import it. */
  readonly everybodys?: boolean
  /** Whether it may import `node:` modules. */
  readonly node?: boolean
  /** The packages it may import: optional peers of the package. */
  readonly packages?: readonly string[]
}
