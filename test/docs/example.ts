import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A ```` ```ts ```` block of a doc comment or a page. */
export interface Example {
  /** The file and line of its first line, as an editor understands it. */
  readonly place: string
  readonly code: string
  /** ```` ```ts fragment ````: it needs surroundings, so it is neither compiled nor run. */
  readonly fragment: boolean
}

/** Every example that readers see: in the doc comments under src/, in the README and in docs/. */
export function readExamples(root: string): Example[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file))
  const pages = inFolder('docs').filter((file) => file.endsWith('.md'))
  const sources = inFolder('src').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  return ['README.md', ...pages.toSorted(), ...sources.toSorted()].flatMap((file) =>
    examplesOf(readFileSync(join(root, file), 'utf8'), file),
  )
}

/** @param file a page if it ends in `.md`, otherwise a source, of which the doc comments are read */
export function examplesOf(text: string, file: string): Example[] {
  const examples: Example[] = []
  const prose = file.endsWith('.md') ? text.split('\n') : docCommentLines(text)
  for (let i = 0; i < prose.length; i++) {
    const fence = /^( *)```ts( fragment)?$/.exec(prose[i]!)
    if (fence === null) continue
    const end = prose.indexOf(`${fence[1]}\`\`\``, i)
    if (end === -1) throw new Error(`${file}:${i + 1} begins an example that does not end`)
    const code = prose.slice(i + 1, end).map((line) => line.slice(fence[1]!.length))
    examples.push({ place: `${file}:${i + 2}`, code: `${code.join('\n')}\n`, fragment: fence[2] !== undefined })
    i = end
  }
  return examples
}

/**
 * What an example says that it prints: what stands behind `//` in the line of a `console.log`, and the comment lines
 * that stand, not indented, directly below code that has printed. `undefined` if it prints nothing.
 *
 * @throws {Error} if it ends with such lines but prints nothing
 */
export function promisedOutput(code: string): string[] | undefined {
  const output: string[] = []
  let prints = false
  let below = false
  for (const line of code.trimEnd().split('\n')) {
    if (below && line.startsWith('//')) {
      output.push(line.replace(/^\/\/ ?/, ''))
      continue
    }
    prints ||= line.includes('console.log(')
    const behind = /console\.log\(.*\) \/\/ (.*)$/.exec(line)
    if (behind !== null) output.push(behind[1]!)
    below = line !== '' && !line.startsWith('//')
  }
  if (!prints && code.trimEnd().split('\n').at(-1)!.startsWith('//')) {
    throw new Error('it shows an output, but prints nothing: end it with a console.log')
  }
  return prints ? output : undefined
}

/** The lines of a source as far as they are in doc comments, without the stars; the others are empty. */
function docCommentLines(source: string): string[] {
  let inside = false
  return source.split('\n').map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true
    const text = inside ? line.replace(/^\s*(\/\*\*|\* ?)/, '') : ''
    if (line.includes('*/')) inside = false
    return text
  })
}
