export type { MetricsOptions } from './metrics-options.ts'
export { hashPassword } from './password-hash.ts'
export {
  ABORTED,
  requestMetrics,
  type RequestMetrics,
  type RequestObservation,
  type RequestOutcome,
} from './request-metrics.ts'
export { requestTarget, type RequestTarget } from './request-target.ts'
export { endpointLabel, methodLabel, OTHER_METHOD, UNMATCHED } from './route-label.ts'
export type { BearerCredentials, PasswordCredentials, ScrapeAuthOption, ScrapeCredentials } from './scrape-auth.ts'
export { scrapeHandler, type ScrapeHandler, type ScrapeRequest, type ScrapeResponse } from './scrape-handler.ts'
