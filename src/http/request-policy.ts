import { exemplarOf, type ExemplarOf } from './exemplar-option.ts'
import { extraLabels, type ExtraLabels } from './extra-labels.ts'
import { ignoredRoutes, type IsIgnored } from './ignored-routes.ts'
import type { MetricsOptions } from './metrics-options.ts'
import { chosenNaming } from './naming-option.ts'
import { requestInstruments, type RequestInstruments } from './request-instruments.ts'
import { NAMINGS, type Naming } from './request-naming.ts'
import { MOST_SERIES } from './route-label.ts'

/** What the options of request metrics come to, decided once. */
export interface RequestPolicy {
  readonly instruments: RequestInstruments
  readonly naming: Naming
  readonly groupStatus: boolean
  readonly extraLabels: ExtraLabels | undefined
  readonly exemplarOf: ExemplarOf | undefined
  readonly isIgnored: IsIgnored | undefined
  /**
   * How many kinds of requests may still be kept with their series. Who is one too many asks the metrics, which know
   * about their overflow.
   */
  room: number
}

/** @throws {MetricError} `INVALID_OPTION`, or as every declaration */
export function requestPolicy(options: MetricsOptions): RequestPolicy {
  const naming = chosenNaming(NAMINGS, options.naming)
  return {
    naming,
    groupStatus: options.groupStatus ?? false,
    extraLabels: extraLabels(options.labels),
    exemplarOf: exemplarOf(options.exemplars),
    isIgnored: ignoredRoutes(options.ignore),
    instruments: requestInstruments(options, naming),
    room: options.maxSeries ?? MOST_SERIES,
  }
}
