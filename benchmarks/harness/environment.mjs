import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Where and of what a result is.
 *
 * @param {string} node the binary that ran the contestants
 */
export function environmentOf(node) {
  return {
    date: new Date().toISOString(),
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    commit: git('rev-parse', '--short=12', 'HEAD'),
    // Results themselves do not count: the first would make the second come from a changed tree.
    changed: git('status', '--porcelain', '--', '.', ':!benchmarks/results', ':!docs/benchmarks.md') !== '',
  }
}

/** What git says, or nothing where there is no repository or no commit. */
function git(...args) {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}
