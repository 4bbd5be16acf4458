import { familySuffix, type MetricType } from '../model/descriptor.ts'
import type { MetricFamily } from '../model/metric-family.ts'
import type { LabelPairs } from './label-pairs.ts'
import { brief } from './parse-error.ts'
import { ParsedFamily } from './parsed-family.ts'
import type { ParseRules } from './parsed-point.ts'
import type { SamplePart, SampleParts } from './sample-part.ts'
import type { TextScanner } from './text-scanner.ts'

/** Whose a sample name is; without a part, a name that its family must not use. */
interface Claim {
  readonly family: ParsedFamily
  readonly part: SamplePart | undefined
}

/** The families of an exposition that is being read: which line belongs to which. */
export class ParsedFamilies {
  readonly #rules: ParseRules
  readonly #parts: SampleParts
  readonly #scanner: TextScanner
  readonly #families = new Map<string, ParsedFamily>()
  readonly #claims = new Map<string, Claim>()
  #current: ParsedFamily | undefined

  constructor(parts: SampleParts, rules: ParseRules, scanner: TextScanner) {
    this.#parts = parts
    this.#rules = rules
    this.#scanner = scanner
  }

  /** @param place where the name of the family stands */
  help(name: string, help: string, place: number): void {
    const family = this.#described(name, 'HELP', place)
    if (family !== undefined) family.help = help
  }

  type(name: string, type: MetricType, place: number): void {
    const family = this.#described(name, 'TYPE', place)
    if (family === undefined || family.type === type) return
    this.#release(family)
    family.type = type
    this.#claim(family, place)
    this.#checkUnit(family, place)
  }

  unit(name: string, unit: string, place: number): void {
    const family = this.#described(name, 'UNIT', place)
    if (family === undefined) return
    family.unit = unit
    this.#checkUnit(family, place)
  }

  /** Takes a sample line. @param place where its name stands. @returns what it says of which family */
  sample(
    name: string,
    labels: LabelPairs,
    value: number,
    timestampMs: number,
    place: number,
  ): { family: ParsedFamily; part: SamplePart } {
    const { family, part } = this.#claims.get(name) ?? this.#undeclared(name, place)
    if (part === undefined)
      throw this.#scanner.error(
        'INVALID_SAMPLE_NAME',
        'O7',
        `the ${family.type} ${brief(family.name)} has no sample ${brief(name)}`,
        place,
      )
    this.#goTo(family, place)
    family.add(part, labels, value, timestampMs, this.#scanner)
    return { family, part }
  }

  /** All families, in the order in which they began. */
  build(): MetricFamily[] {
    return [...this.#families.values()].map((family) => family.build(this.#fullName(family)))
  }

  /** The family that a line of metadata describes; `undefined` if the line is to be ignored. */
  #described(name: string, kind: string, place: number): ParsedFamily | undefined {
    const { strict, openMetrics } = this.#rules
    const family = this.#families.get(name) ?? this.#begin(name, place)
    this.#goTo(family, place)
    if (family.metadata.includes(kind) && strict)
      throw this.#scanner.error(
        'DUPLICATE_METADATA',
        openMetrics ? 'O4' : 'T4',
        `${brief(name)} has a ${kind} line before`,
        place,
      )
    family.metadata.push(kind)
    if (!family.hasSamples || (kind === 'HELP' && !openMetrics)) return family
    if (!strict) return kind === 'TYPE' ? undefined : family
    throw this.#scanner.error(
      'MISPLACED_METADATA',
      openMetrics ? 'O4' : 'T4',
      `the ${kind} of ${brief(name)} comes behind its samples`,
      place,
    )
  }

  #undeclared(name: string, place: number): Claim {
    const family = this.#families.get(name)
    if (family === undefined) this.#begin(name, place)
    else this.#claim(family, place)
    return this.#claims.get(name)!
  }

  #begin(name: string, place: number): ParsedFamily {
    const family = new ParsedFamily(name, this.#rules)
    this.#families.set(name, family)
    this.#claim(family, place)
    return family
  }

  /** All lines of a family are one group (conformance T4, O4). */
  #goTo(family: ParsedFamily, place: number): void {
    if (family === this.#current) return
    if (this.#rules.strict && family.isLeft)
      throw this.#scanner.error(
        'INTERLEAVED',
        this.#rules.openMetrics ? 'O4' : 'T4',
        `${brief(family.name)} was there before, and another family since`,
        place,
      )
    if (this.#current !== undefined) this.#current.isLeft = true
    this.#current = family
  }

  #claim(family: ParsedFamily, place: number): void {
    const parts = this.#parts[family.type]!
    if (parts[''] === undefined) this.#claimName(family.name, undefined, family, place)
    for (const suffix in parts) this.#claimName(family.name + suffix, parts[suffix], family, place)
  }

  #claimName(name: string, part: SamplePart | undefined, family: ParsedFamily, place: number): void {
    const other = this.#claims.get(name)?.family
    if (other === undefined || other === family) this.#claims.set(name, { family, part })
    else if (this.#rules.strict)
      throw this.#scanner.error(
        'NAME_CLASH',
        'O8',
        `${brief(other.name)} and ${brief(family.name)} would both have the sample ${brief(name)}`,
        place,
      )
  }

  #release(family: ParsedFamily): void {
    for (const suffix of ['', ...Object.keys(this.#parts[family.type]!)]) {
      const name = family.name + suffix
      if (this.#claims.get(name)?.family === family) this.#claims.delete(name)
    }
  }

  /** Conformance N7. Prometheus refuses the whole scrape, so this is no matter of leniency. */
  #checkUnit(family: ParsedFamily, place: number): void {
    const { name, unit, type } = family
    if (unit === '') return
    if (!name.endsWith(`_${unit}`))
      throw this.#scanner.error(
        'INVALID_UNIT',
        'N7',
        `the name ${brief(name)} does not end with its unit, ${brief(unit)}`,
        place,
      )
    if (this.#rules.strict && (type === 'info' || type === 'stateset'))
      throw this.#scanner.error('INVALID_UNIT', 'N7', `the ${type} ${brief(name)} has a unit`, place)
  }

  /** OpenMetrics leaves out the suffix of the type where it names a family. */
  #fullName({ name, type }: ParsedFamily): string {
    return this.#rules.openMetrics ? name + familySuffix(type) : name
  }
}
