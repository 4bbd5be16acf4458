import { afterAll, beforeAll, describe } from 'vitest'
import { installPacked, type InstalledPackage } from '../package/packed.ts'
import { linkPackages } from '../register/attached-program.ts'
import { describeRegister, PACKAGES } from '../register/promises.ts'
import { isMissing, pathOf, type RealPart } from './real-parts.ts'

const nodes: readonly RealPart[] = ['node22', 'node24', 'node26']

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  linkPackages(installed.folder, PACKAGES)
})

afterAll(() => {
  installed.remove()
})

// Skipped where this Node could not be installed; scripts/test-real.mjs says so.
describe.each(nodes.filter((part) => !isMissing(part)))('zero code on %s', (part) => {
  describeRegister(() => ({ folder: installed.folder, node: pathOf(part) }))
})
