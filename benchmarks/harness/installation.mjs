import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BENCHMARKS = new URL('../', import.meta.url)
const ROOT = fileURLToPath(new URL('../', BENCHMARKS))
const LOCK = new URL('package-lock.json', BENCHMARKS)
const INSTALLED = new URL('node_modules/.installed-lock.json', BENCHMARKS)
const OWN = new URL('node_modules/narthex', BENCHMARKS)

/** Installs the rivals where they are not there as locked, and narthex beside them: this checkout, freshly built. */
export function install() {
  const lock = readFileSync(LOCK, 'utf8')
  if (!existsSync(INSTALLED) || readFileSync(INSTALLED, 'utf8') !== lock) {
    npm(['ci', '--ignore-scripts', '--loglevel=error'], fileURLToPath(BENCHMARKS))
    writeFileSync(INSTALLED, lock)
  }
  if (lstatSync(OWN, { throwIfNoEntry: false }) !== undefined) rmSync(OWN)
  symlinkSync(ROOT, OWN, 'junction')
  npm(['run', '--silent', 'build'], ROOT)
}

function npm(args, cwd) {
  // What npm says is for people: stdout is for results.
  execFileSync('npm', args, { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
}
