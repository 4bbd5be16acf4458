import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CompiledExamples } from './compiled-examples.ts'
import { examplesOf, promisedOutput, readExamples, type Example } from './example.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const examples = readExamples(root).filter((example) => !example.fragment)
const byPlace = examples.map((example) => [example.place, example] as const)

describe('the examples of the docs', () => {
  let compiled: CompiledExamples
  beforeAll(async () => {
    compiled = await CompiledExamples.compile(examples, root)
  }, 120_000)
  afterAll(() => compiled.remove())

  test('are found', () => {
    expect(examples.length).toBeGreaterThan(10)
    expect(examples.map(({ place }) => place.replace(/:\d+$/, ''))).toContain('src/metrics/counter.ts')
  })

  test.each(byPlace)('%s compiles', (_, example) => {
    expect(compiled.errorsIn(example)).toEqual([])
  })

  test.concurrent.each(byPlace.filter(([, { code }]) => code.includes('console.log(')))(
    '%s prints what it says',
    async (_, example) => {
      expect(await compiled.run(example)).toEqual(promisedOutput(example.code))
    },
    30_000,
  )

  test.each(byPlace)('%s shows no output that it does not print', (_, example) => {
    expect(() => promisedOutput(example.code)).not.toThrow()
  })
})

describe('the check of the examples', () => {
  const page = (...lines: string[]): Example[] => examplesOf(lines.join('\n'), 'docs/page.md')

  test('reads the TypeScript blocks of a page, with their place', () => {
    expect(
      page('Text.', '```ts', 'let a = 1', '```', '```sh', 'ls', '```', '- item', '  ```ts fragment', '  a++', '  ```'),
    ).toEqual([
      { place: 'docs/page.md:3', code: 'let a = 1\n', fragment: false },
      { place: 'docs/page.md:10', code: 'a++\n', fragment: true },
    ])
  })

  test('reads those of doc comments, and nothing else of a source', () => {
    const source = [
      '/**',
      ' * Text.',
      ' *',
      ' * ```ts',
      ' * if (a)',
      ' *   b()',
      ' * ```',
      ' */',
      'export const x = `',
      '```ts',
      '```',
      '`',
    ]
    expect(examplesOf(source.join('\n'), 'src/x.ts')).toEqual([
      { place: 'src/x.ts:5', code: 'if (a)\n  b()\n', fragment: false },
    ])
  })

  test('does not overlook an example that has no end', () => {
    expect(() => page('```ts', 'let a = 1')).toThrow('docs/page.md:1')
  })

  test.each<[string, string, string[] | undefined]>([
    ['behind a console.log', "console.log('a') // a\nconsole.log('b') // b", ['a', 'b']],
    ['below one', "console.log('a\\nb')\n// a\n// b", ['a', 'b']],
    ['with empty lines', "console.log('a\\n\\nb')\n// a\n//\n// b", ['a', '', 'b']],
    ['below a block that prints', "for (const x of 'ab') {\n  console.log(x)\n}\n// a\n// b", ['a', 'b']],
    ['none, in comments on the code', '// first\na() // then\n{\n  // here\n}\n', undefined],
    ['none, in a comment that an empty line sets apart', "console.log('a') // a\n\n// then\nb()", ['a']],
  ])('finds the promised output %s', (_, code, output) => {
    expect(promisedOutput(code)).toEqual(output)
  })

  test('refuses an output that nothing prints', () => {
    expect(() => promisedOutput('a.inc()\n// a_total 1\n')).toThrow('prints nothing')
  })

  describe('on wrong examples', () => {
    const wrong = page(
      '```ts',
      "import { counter } from 'narthex'",
      'counter({ name: 5 })',
      '```',
      '```ts',
      "throw new Error('broken')",
      '```',
    )
    let compiled: CompiledExamples
    beforeAll(async () => {
      compiled = await CompiledExamples.compile(wrong, root)
    }, 120_000)
    afterAll(() => compiled.remove())

    test('finds what does not compile', () => {
      expect(compiled.errorsIn(wrong[0]!)).toEqual([expect.stringMatching(/^examples\/example-0\.ts\(2,/)])
      expect(compiled.errorsIn(wrong[1]!)).toEqual([])
    })

    test('finds what does not run', async () => {
      await expect(compiled.run(wrong[1]!)).rejects.toThrow('Error: broken')
    })
  })
})
