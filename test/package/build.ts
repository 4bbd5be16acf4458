import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds dist/ and dist-examples/ once before the tests of the packed package. */
export default function build(): void {
  for (const script of ['build', 'build:examples']) {
    execFileSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' })
  }
}
