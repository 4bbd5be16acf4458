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
  type MetricsOptions,
  type NodeMetricsOptions,
  type NodeMiddleware,
  type NodeRequest,
  type NodeResponse,
} from './node-http.ts'
