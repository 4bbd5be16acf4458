import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where `.ci/run` asks for the results as data too; see scripts/count-tests.mjs. */
const report = process.env['NARTHEX_TEST_REPORT']

export default defineConfig({
  resolve: { alias: sourcesBySubpath() },
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,test,examples}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/{package,real}/**'],
          // Many compile, serve or load for real, and not every machine is idle meanwhile.
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        // Against the built package, packed.
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Against real servers; started by scripts/test-real.mjs, which finds them.
        extends: true,
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

/** The package by its own name, from its sources: tests need no build. */
function sourcesBySubpath(): { find: RegExp; replacement: string }[] {
  const { name, exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
  return Object.entries<string>(exports)
    .filter(([, target]) => target.startsWith('./dist/'))
    .map(([subpath, target]) => ({
      find: new RegExp(`^${name}${subpath.slice(1)}$`),
      replacement: fileURLToPath(new URL(target.replace('./dist/', './src/').replace(/\.js$/, '.ts'), import.meta.url)),
    }))
}
