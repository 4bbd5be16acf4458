export type { MetricsOptions } from './metrics-options.ts'
export { hashPassword } from './password-hash.ts'
export { requestMetrics, type RequestMetrics } from './request-metrics.ts'
export type { NamingName, RequestMetricName } from './request-naming.ts'
export {
  ABORTED,
  type RequestNeeds,
  type RequestObservation,
  type RequestOutcome,
  type RequestStart,
} from './request-observation.ts'
export { requestTarget, type RequestTarget } from './request-target.ts'
export { endpointLabel, methodLabel, OTHER_METHOD, UNMATCHED } from './route-label.ts'
export type { BearerCredentials, PasswordCredentials, ScrapeAuthOption, ScrapeCredentials } from './scrape-auth.ts'
export { scrapeHandler, type ScrapeHandler, type ScrapeRequest, type ScrapeResponse } from './scrape-handler.ts'
