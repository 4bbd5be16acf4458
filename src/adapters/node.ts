export {
  connectionMetrics,
  type CloseCause,
  type ConnectionListener,
  type ConnectionMetricsOptions,
  type ConnectionServer,
} from './node-connections.ts'
export {
  serveMetrics,
  type MetricsServer,
  type MetricsServerOptions,
  type MetricsServerTimeouts,
  type MetricsServerTls,
} from './metrics-server.ts'
export {
  answerScrapes,
  measureRequests,
  metrics,
  setEndpoint,
  setError,
  type CountedRequest,
  type CountedResponse,
  type MetricsOptions,
  type NodeMetricsOptions,
  type NodeMiddleware,
  type NodeRequest,
  type NodeResponse,
  type NodeSocket,
} from './node-http.ts'
export { measureUpgrades, type UpgradeSocket } from './node-upgrade.ts'
