import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsOf } from './settings.ts'

test('the guide to zero code lists the variables that are read, and no others', () => {
  const read: string[] = []
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get(_, name: string) {
        read.push(name)
        return undefined
      },
    },
  )
  settingsOf(environment, () => {})
  const guide = readFileSync(new URL('../../docs/guides/zero-code.md', import.meta.url), 'utf8')
  const rows = guide.split('\n').filter((line) => line.startsWith('| `NARTHEX_'))
  const listed = rows.flatMap((row) => row.split('|')[1]!.match(/NARTHEX_\w+/g))
  expect(listed.toSorted()).toEqual(read.toSorted())
})
