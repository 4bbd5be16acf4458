#!/usr/bin/env node
/**
 * Runs the tests against real servers: `npm run test:real [-- file filters]`.
 *
 * Finds the real parts (Prometheus, promtool, Python with its Prometheus client and Flask, nginx, Apache, the supported
 * versions of Node, Bun, Deno, workerd, TypeScript, NestJS, Next.js), installs what is missing where it can, and hands
 * their paths to vitest's project `real` in the environment variable NARTHEX_REAL_PARTS. With `CI=true` nothing missing
 * is tolerated; otherwise the tests that need a missing part are skipped, and the reason is printed here, one line for
 * each part.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const isWindows = process.platform === 'win32'
const runtimesFolder = join(root, 'node_modules', '.cache', 'narthex', 'runtimes')

/**
 * `find` gives the path of the part, or undefined; `elsewhere` says how to get it where nothing here can install it.
 */
const parts = [
  {
    name: 'prometheus',
    find: () => onPath('prometheus'),
    debian: ['prometheus'],
    elsewhere: 'get it from https://prometheus.io/download/ and put it on PATH',
  },
  {
    name: 'promtool',
    find: () => onPath('promtool'),
    debian: ['prometheus'],
    elsewhere: 'it comes with Prometheus: https://prometheus.io/download/',
  },
  {
    name: 'victoria-metrics',
    find: () => onPath('victoria-metrics'),
    debian: ['victoria-metrics'],
    elsewhere: 'get it from https://github.com/VictoriaMetrics/VictoriaMetrics/releases and put it on PATH',
  },
  {
    name: 'python',
    find: pythonWithPrometheusAndFlask,
    debian: ['python3', 'python3-flask', 'python3-prometheus-client'],
    elsewhere: 'python3 -m pip install flask prometheus_client',
  },
  {
    name: 'nginx',
    find: () => onPath('nginx') ?? existing('/usr/sbin/nginx'),
    debian: ['nginx-light'],
    elsewhere: 'get it from https://nginx.org/ and put it on PATH',
  },
  {
    name: 'apache',
    // Its modules are where Debian has them.
    find: () => existing('/usr/lib/apache2/modules/mod_proxy_http.so') && existing('/usr/sbin/apache2'),
    debian: ['apache2'],
    elsewhere: 'it is found as Debian and Ubuntu install it: apt-get install apache2',
  },
  nodePart('node22', '22.23.3'),
  nodePart('node24', '24.21.0'),
  nodePart('node26', '26.10.0'),
  bunPart('1.4.5'),
  denoPart('2.9.6'),
  workerdPart('2026-11-17'),
  typescriptPart('typescript52', '5.2.2'),
  typescriptPart('typescript59', '5.9.3'),
  packagesPart('nest11', join('test', 'nest', '11'), '@nestjs/core'),
  packagesPart('nest12', join('test', 'nest', '12'), '@nestjs/core'),
  packagesPart('next', join('test', 'next'), 'next'),
]

const missingPackages = parts.filter((part) => part.debian && !part.find()).flatMap((part) => part.debian)
if (missingPackages.length > 0 && isRootOnDebian()) installDebianPackages([...new Set(missingPackages)])
for (const part of parts) if (part.install && !part.find()) part.install()

const found = {}
const missing = []
for (const part of parts) {
  const path = part.find()
  if (path) found[part.name] = path
  else missing.push(part)
}

for (const [name, path] of Object.entries(found)) console.log(`${name.padEnd(10)} ${path}`)
for (const part of missing) console.log(`${part.name.padEnd(10)} MISSING, its tests are skipped; ${part.elsewhere}`)
if (missing.length > 0 && isContinuousIntegration()) {
  console.error(`With CI=true every real part has to be here; missing: ${missing.map((part) => part.name).join(', ')}.`)
  process.exit(1)
}

for (const script of ['build', 'build:examples']) {
  const build = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' })
  if (build.status !== 0) process.exit(build.status ?? 1)
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const tests = spawnSync(process.execPath, [vitest, 'run', '--project', 'real', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NARTHEX_REAL_PARTS: JSON.stringify(found) },
})
process.exit(tests.status ?? 1)

function nodePart(name, version) {
  const packageName = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  const binary = isWindows ? 'bin/node.exe' : 'bin/node'
  return npmPart({ name, packageName, version, binary, says: `v${version}` })
}

function bunPart(version) {
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  const packageName = `@oven/bun-${isWindows ? 'windows' : process.platform}-${arch}`
  return npmPart({ name: 'bun', packageName, version, binary: isWindows ? 'bin/bun.exe' : 'bin/bun', says: version })
}

function denoPart(version) {
  const packageName = `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`
  const binary = isWindows ? 'deno.exe' : 'deno'
  return npmPart({ name: 'deno', packageName, version, binary, says: `deno ${version}` })
}

/** Its version is the last day whose behaviour it knows. */
function workerdPart(date) {
  const arch = process.arch === 'x64' ? '64' : process.arch
  const packageName = `@cloudflare/workerd-${isWindows ? 'windows' : process.platform}-${arch}`
  const binary = isWindows ? 'bin/workerd.exe' : 'bin/workerd'
  const version = `1.${date.replaceAll('-', '')}.1`
  return npmPart({ name: 'workerd', packageName, version, binary, says: `workerd ${date}` })
}

function typescriptPart(name, version) {
  return npmPart({ name, packageName: 'typescript', version, binary: 'bin/tsc', says: `Version ${version}` })
}

/** A published build in a folder of its own, so that the lock file of the project never sees it. */
function npmPart({ name, packageName, version, binary, says }) {
  const folder = join(runtimesFolder, `${name.replace(/\d+$/, '')}-${version}`)
  const path = join(folder, 'node_modules', ...packageName.split('/'), ...binary.split('/'))
  return {
    name,
    find: () => (existsSync(path) && outputOf(path, ['--version'])?.startsWith(says) ? path : undefined),
    install() {
      console.log(`npm install ${packageName}@${version}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
      run('npm', ['install', '--prefix', folder, '--ignore-scripts', `${packageName}@${version}`], folder)
    },
    elsewhere: `the npm package ${packageName}@${version} could not be installed or does not run here`,
  }
}

/** A folder with a lock file of its own: what cannot be in the tree of the project. It is here if `mainPackage` is. */
function packagesPart(name, path, mainPackage) {
  const folder = join(root, path)
  const manifestOf = (...parts) => {
    const file = join(folder, ...parts, 'package.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  }
  return {
    name,
    find() {
      const installed = manifestOf('node_modules', mainPackage)?.version
      return installed === manifestOf().dependencies[mainPackage] ? folder : undefined
    },
    install() {
      console.log(`npm ci in ${path}`)
      run('npm', ['ci', '--ignore-scripts'], folder)
    },
    elsewhere: `npm ci in ${path} did not work`,
  }
}

function pythonWithPrometheusAndFlask() {
  // Debian's own first: another Python earlier on PATH does not see Debian's packages.
  return ['/usr/bin/python3', onPath('python3')].find(
    (python) => python && outputOf(python, ['-c', 'import flask, prometheus_client; print("ok")']) === 'ok',
  )
}

function isRootOnDebian() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get') !== undefined
}

function installDebianPackages(packages) {
  const status = (name) => outputOf('dpkg-query', ['-W', '-f', '${Status}', name])
  const wanted = packages.filter((name) => status(name) !== 'install ok installed')
  if (wanted.length === 0) return
  console.log(`apt-get install ${wanted.join(' ')}`)
  if (existsSync('/run/systemd/system'))
    console.log(
      '  (this machine runs systemd: Debian starts the servers it installs, Prometheus on port 9090, nginx and Apache on 80)',
    )
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update'], root, env)
  run('apt-get', ['install', '-y', '--no-install-recommends', ...wanted], root, env)
}

function existing(path) {
  return existsSync(path) ? path : undefined
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

/** What the command prints, trimmed; undefined if it fails or does not exist. */
function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Quiet when it works; when it does not, its last lines, and the part stays missing. */
function run(command, args, cwd, env = process.env) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return
  const said = error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n  ')
  console.error(`${command} ${args[0]} failed:\n  ${said}`)
}

function isContinuousIntegration() {
  return process.env.CI === 'true' || process.env.CI === '1'
}
