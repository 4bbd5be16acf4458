import { describe, expect, test } from 'vitest'
import { Counter } from '../metrics/counter.ts'
import { Info } from '../metrics/info.ts'
import { isDeclared, nameOf, type Collector } from './collector.ts'

describe('a collector is called', () => {
  test('as its first family is, where it says what it yields', () => {
    expect(nameOf(new Counter({ name: 'jobs', help: 'Jobs done.' }))).toBe('jobs_total')
  })

  test('as its class is, where it does not', () => {
    class Bridge implements Collector {
      collect(): [] {
        return []
      }
    }
    expect(nameOf(new Bridge())).toBe('Bridge')
    expect(nameOf({ collect: () => [] })).toBe('Object')
    expect(nameOf({ descriptors: [], collect: () => [] })).toBe('Object')
  })

  test('somehow, even without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { collect: () => [] })
    expect(typeof nameOf(bare)).toBe('string')
  })
})

test('metrics have a declaration to compare, collectors of other kinds have none', () => {
  expect(isDeclared(new Counter({ name: 'jobs', help: 'Jobs done.' }))).toBe(true)
  expect(isDeclared(new Info({ name: 'app', help: 'App.' }))).toBe(true)
  expect(isDeclared({ collect: () => [] })).toBe(false)
})
