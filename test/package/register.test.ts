import { afterAll, beforeAll } from 'vitest'
import { linkPackages } from '../register/attached-program.ts'
import { describeRegister, PACKAGES } from '../register/promises.ts'
import { installPacked, type InstalledPackage } from './packed.ts'

let installed: InstalledPackage

beforeAll(() => {
  installed = installPacked()
  linkPackages(installed.folder, PACKAGES)
})

afterAll(() => {
  installed.remove()
})

describeRegister(() => ({ folder: installed.folder, node: process.execPath }))
