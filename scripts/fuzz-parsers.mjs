import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// A long run of what test/fuzz/parsers.test.ts does briefly: `node scripts/fuzz-parsers.mjs [runs] [seed]`.
// What it finds, it writes to test/fuzz/cases, where every test run reads it again: commit it with the repair.
const [runs = '100000', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2)
if (!/^\d+$/.test(runs) || !/^\d+$/.test(seed)) throw new Error('usage: node scripts/fuzz-parsers.mjs [runs] [seed]')

console.log(`${runs} runs of each property, with the seed ${seed}`)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--test-timeout=0', 'test/fuzz/parsers.test.ts'],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, NARTHEX_FUZZ_RUNS: runs, NARTHEX_FUZZ_SEED: seed },
    stdio: 'inherit',
  },
)
process.exitCode = status ?? 1
