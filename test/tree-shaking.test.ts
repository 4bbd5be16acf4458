import { build } from 'esbuild'
import { expect, test } from 'vitest'

const LEAST = `
  import { counter, defaultRegistry } from './src/index.ts'
  import { writePrometheusText } from './src/exposition/index.ts'
  console.log(counter({ name: 'x', help: 'X.' }), ...writePrometheusText(await defaultRegistry.gather()))`
const EVERYTHING = `export * from './src/index.ts'\nexport * from './src/exposition/index.ts'`

test('what a program does not use falls out of its bundle, also where it is in one file with what it does use', async () => {
  const fromModules = await bundled(LEAST, { minify: true })
  // As the package is published: what subpaths share is in few files.
  const everything = await bundled(EVERYTHING, { minify: false })
  const fromOneFile = await bundled(LEAST.replaceAll(/'\.\/src.*'/g, "'everything'"), { minify: true, everything })
  expect(fromOneFile.length).toBeLessThan(1.01 * fromModules.length)
})

/** @param options.everything what is imported as `everything` */
async function bundled(program: string, options: { minify: boolean; everything?: string }): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    minify: options.minify,
    format: 'esm',
    tsconfigRaw: {},
    write: false,
    plugins: [
      {
        name: 'everything',
        setup({ onResolve, onLoad }): void {
          onResolve({ filter: /^everything$/ }, ({ path }) => ({ path, namespace: 'everything' }))
          onLoad({ filter: /./, namespace: 'everything' }, () => ({ contents: options.everything ?? '' }))
        },
      },
    ],
  })
  return outputFiles[0]!.text
}
