import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Example } from './example.ts'

/**
 * Examples as a user would have them: in a package that imports narthex by its name, compiled in one go.
 * The sources are compiled along, so nothing has to be built before.
 */
export class CompiledExamples {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'narthex-examples-'))
  readonly #names: ReadonlyMap<Example, string>
  #diagnostics = ''

  private constructor(examples: readonly Example[]) {
    this.#names = new Map(examples.map((example, i) => [example, `example-${i}`]))
  }

  static async compile(examples: readonly Example[], root: string): Promise<CompiledExamples> {
    const compiled = new CompiledExamples(examples)
    compiled.#lay(root)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run([tsc, '-p', compiled.#folder, '--pretty', 'false'], compiled.#folder)
    compiled.#diagnostics = stdout
    return compiled
  }

  /** What the compiler has to say about an example, each with the line within it. */
  errorsIn(example: Example): string[] {
    const file = `examples/${this.#names.get(example)}.ts`
    return this.#diagnostics.split('\n').filter((line) => line.startsWith(`${file}(`))
  }

  /** Runs an example in a process of its own. @returns the lines that it printed */
  async run(example: Example): Promise<string[]> {
    const { stdout, stderr, code } = await run([`out/examples/${this.#names.get(example)}.js`], this.#folder)
    if (code !== 0) throw new Error(stderr)
    return stdout === '' ? [] : stdout.trimEnd().split('\n')
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #lay(root: string): void {
    const inFolder = (...path: string[]): string => join(this.#folder, ...path)
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
    const subpaths = JSON.parse(JSON.stringify(manifest.exports).replaceAll('./dist/', './out/src/')) as object
    writeFileSync(inFolder('package.json'), JSON.stringify({ ...manifest, exports: subpaths }))
    writeFileSync(
      inFolder('tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          noEmit: false,
          rootDir: '.',
          outDir: 'out',
          allowJs: false,
          // The package finds itself by its name, as a user's compiler and Node do.
          paths: {},
          // An example may show a value that it does nothing with.
          noUnusedLocals: false,
          noUnusedParameters: false,
        },
        include: ['src', 'examples'],
        exclude: ['src/**/*.test.ts'],
      }),
    )
    symlinkSync(join(root, 'node_modules'), inFolder('node_modules'), 'junction')
    cpSync(join(root, 'src'), inFolder('src'), { recursive: true })
    mkdirSync(inFolder('examples'))
    for (const [{ code }, name] of this.#names) writeFileSync(inFolder('examples', `${name}.ts`), code)
  }
}

interface Finished {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

function run(args: string[], cwd: string): Promise<Finished> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: undefined }
    const options = { cwd, env: environment, timeout: 60_000, maxBuffer: 1e8 }
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ stdout, stderr: stderr || (error?.message ?? ''), code: error === null ? 0 : 1 })
    })
  })
}
