import { acceptedTypes, type AcceptedType } from './accept-header.ts'
import { FORMAT_NAMES, type FormatName } from './format.ts'
import { isEscaping, type Escaping } from './name-escaping.ts'
import { OPENMETRICS_2_TEXT_TYPE } from './openmetrics-2-text.ts'
import { OPENMETRICS_TEXT_TYPE } from './openmetrics-text.ts'
import { PROMETHEUS_PROTOBUF_TYPE } from './prometheus-protobuf.ts'
import { PROMETHEUS_TEXT_1_TYPE, PROMETHEUS_TEXT_TYPE } from './prometheus-text.ts'

/** The format to answer in, how names are escaped in it, and what to call that on the wire. */
export interface NegotiatedFormat {
  readonly format: FormatName
  readonly escaping: Escaping
  readonly contentType: string
}

/** A media type in which a format can be answered. */
interface Offer {
  readonly format: FormatName
  readonly type: string
  /** Whether a scraper that names the media type means this one: its parameters say so, or leave it open. */
  isMeant(parameters: ReadonlyMap<string, string>): boolean
  /** Whether only who names it gets it, and not who takes any. */
  readonly onlyByName?: true
  /** Whether names have underscores in it, whatever is asked for. */
  readonly onlyUnderscores?: true
  /** @param escaping the one that is asked for */
  contentType(escaping: Escaping | undefined): string
}

/** What the messages of protobuf are (conformance B1). */
const MESSAGE = 'io.prometheus.client.MetricFamily'

/** In the order in which they are preferred where a scraper has no preference. */
const OFFERS: readonly Offer[] = [
  {
    format: 'text',
    type: 'text/plain',
    isMeant: (parameters) => (parameters.get('version') ?? '0.0.4') === '0.0.4',
    onlyUnderscores: true,
    contentType: () => PROMETHEUS_TEXT_TYPE,
  },
  {
    format: 'text',
    type: 'text/plain',
    isMeant: (parameters) => parameters.get('version') === '1.0.0',
    contentType: (escaping = 'underscores') => withEscaping(PROMETHEUS_TEXT_1_TYPE, escaping),
  },
  {
    format: 'openmetrics',
    type: 'application/openmetrics-text',
    // Who asks for no version means the oldest that is a standard (conformance O20); 0.0.1 was a draft.
    isMeant: (parameters) => (parameters.get('version') ?? '1.0.0') === '1.0.0',
    contentType: (escaping) => withEscaping(OPENMETRICS_TEXT_TYPE, escaping),
  },
  {
    format: 'protobuf',
    type: 'application/vnd.google.protobuf',
    // There are other messages, and another encoding of this one as text: who means this one names both.
    isMeant: (parameters) => parameters.get('proto') === MESSAGE && parameters.get('encoding') === 'delimited',
    contentType: (escaping) => withEscaping(PROMETHEUS_PROTOBUF_TYPE, escaping),
  },
  {
    format: 'openmetrics-2',
    type: 'application/openmetrics-text',
    // Not final, so nobody gets it by chance (conformance P1).
    onlyByName: true,
    isMeant: (parameters) => parameters.get('version') === '2.0.0',
    contentType: (escaping) => withEscaping(OPENMETRICS_2_TEXT_TYPE, escaping),
  },
]

/**
 * Chooses the format of a scrape (conformance U6): the one with the highest weight in an `Accept` header; of equal ones
 * the one that is named in most detail, then the one that is named first. Whoever names nothing that there is gets
 * the first of `formats`: for a scraper, something to read is better than a refusal. OpenMetrics 2.0 is not final, and
 * only for who names it.
 *
 * Takes time in proportion to the length of the header.
 *
 * @param accept the header; `undefined` if there is none
 * @param formats what may be answered, the preferred one first; by default all
 *
 * @example
 * ```ts
 * import { negotiate } from 'narthex/exposition'
 *
 * console.log(negotiate('application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5').contentType)
 * // application/openmetrics-text; version=1.0.0; charset=utf-8
 * console.log(negotiate('text/html').contentType)
 * // text/plain; version=0.0.4; charset=utf-8
 * ```
 */
export function negotiate(accept: string | undefined, formats: readonly FormatName[] = FORMAT_NAMES): NegotiatedFormat {
  const offers = formats.flatMap((format) => OFFERS.filter((offer) => offer.format === format))
  const accepted = acceptedTypes(accept ?? '')
  let chosen = offers.find((offer) => offer.onlyByName !== true) ?? offers[0]!
  let best: AcceptedType | undefined
  for (const offer of offers) {
    const by = whatAccepts(offer, accepted)
    if (by === undefined || by.weight === 0 || (best !== undefined && !isBetter(by, best))) continue
    chosen = offer
    best = by
  }
  return answer(chosen, escapingOf(best))
}

/**
 * What is answered in a format that is named rather than negotiated.
 *
 * @param escaping how names are escaped, if that is named, too
 */
export function answerIn(format: FormatName, escaping?: Escaping): NegotiatedFormat {
  const offers = OFFERS.filter((offer) => offer.format === format)
  const escaped = escaping === undefined ? undefined : offers.find((offer) => offer.onlyUnderscores !== true)
  return answer(escaped ?? offers[0]!, escaping)
}

function answer(offer: Offer, asked: Escaping | undefined): NegotiatedFormat {
  const { format, onlyUnderscores } = offer
  const escaping = onlyUnderscores === true ? undefined : asked
  return { format, escaping: escaping ?? 'underscores', contentType: offer.contentType(escaping) }
}

function withEscaping(type: string, escaping: Escaping | undefined): string {
  return escaping === undefined ? type : `${type}; escaping=${escaping}`
}

/**
 * The part of the header that decides about an offer: that in most detail, of equal ones that with the highest weight.
 */
function whatAccepts(offer: Offer, accepted: readonly AcceptedType[]): AcceptedType | undefined {
  let decisive: AcceptedType | undefined
  for (const each of accepted) {
    if (!includes(each, offer)) continue
    const detail = detailOf(each) - (decisive === undefined ? -1 : detailOf(decisive))
    if (detail > 0 || (detail === 0 && each.weight > decisive!.weight)) decisive = each
  }
  return decisive
}

function includes(accepted: AcceptedType, offer: Offer): boolean {
  if (accepted.type === offer.type) return offer.isMeant(accepted.parameters)
  if (offer.onlyByName === true) return false
  return accepted.type === '*/*' || accepted.type === `${offer.type.slice(0, offer.type.indexOf('/'))}/*`
}

/** 0 for everything, 1 for a kind, 2 for a media type, 3 for one with its version. */
function detailOf({ type, parameters }: AcceptedType): number {
  if (type === '*/*') return 0
  if (type.endsWith('/*')) return 1
  return parameters.has('version') ? 3 : 2
}

function isBetter(one: AcceptedType, other: AcceptedType): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight
  const detail = detailOf(one) - detailOf(other)
  return detail !== 0 ? detail > 0 : one.place < other.place
}

/** Never what stands in the header, only what is known (conformance U7). */
function escapingOf(accepted: AcceptedType | undefined): Escaping | undefined {
  const asked = accepted?.parameters.get('escaping')
  return isEscaping(asked) ? asked : undefined
}
