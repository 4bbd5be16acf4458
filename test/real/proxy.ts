import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accepts, startChild, type Child } from './child-process.ts'
import { freePort } from './free-port.ts'
import { pathOf, type RealPart } from './real-parts.ts'

/** A real reverse proxy before a service, which tells it in `X-Request-Start` when it took a request. */
export interface Proxy extends Child {
  readonly port: number
  /** How many requests it has served by its own account, without those that asked for it. */
  served(): Promise<number>
  /** How many lines of its access log have this method and status, as `GET 200`. */
  logged(): Promise<Record<string, number>>
}

export interface ProxyKind {
  readonly part: RealPart
  readonly command: readonly string[]
  configuration(folder: string, port: number, service: number): string
  /** Where it tells how many requests there were, and the pattern of the number. */
  readonly status: { readonly path: string; readonly requests: RegExp }
}

const isRoot = process.getuid?.() === 0

export const nginx: ProxyKind = {
  part: 'nginx',
  command: ['-c'],
  status: { path: '/stub_status', requests: /\n *\d+ +\d+ +(\d+)/ },
  configuration: (folder, port, service) => `
    daemon off;
    ${isRoot ? 'user root;' : ''}
    worker_processes 1;
    pid ${folder}/nginx.pid;
    error_log ${folder}/error.log;
    events { worker_connections 256; }
    http {
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      log_format counted '$request_method $status';
      access_log ${folder}/access.log counted;
      upstream service { server 127.0.0.1:${service}; keepalive 8; }
      server {
        listen 127.0.0.1:${port};
        location = /stub_status { stub_status; access_log off; }
        location / {
          proxy_pass http://service;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header X-Request-Start "t=\${msec}";
        }
      }
    }`,
}

const modules = '/usr/lib/apache2/modules'

export const apache: ProxyKind = {
  part: 'apache',
  command: ['-D', 'FOREGROUND', '-f'],
  status: { path: '/server-status?auto', requests: /^Total Accesses: (\d+)$/m },
  configuration: (folder, port, service) => `
    ServerRoot ${folder}
    ServerName localhost
    PidFile ${folder}/apache.pid
    DefaultRuntimeDir ${folder}
    Mutex pthread
    ${['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', 'setenvif', 'status']
      .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
      .join('\n')}
    ${isRoot ? 'User www-data\n    Group www-data' : ''}
    Listen 127.0.0.1:${port}
    ErrorLog ${folder}/error.log
    LogFormat "%m %>s" counted
    SetEnvIf Request_URI "^/server-status" asking
    CustomLog ${folder}/access.log counted env=!asking
    ExtendedStatus On
    <Location "/server-status">
      SetHandler server-status
    </Location>
    RequestHeader set X-Request-Start "%t"
    ProxyPass "/server-status" "!"
    ProxyPass "/" "http://127.0.0.1:${service}/"`,
}

export async function startProxy(kind: ProxyKind, service: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), `narthex-${kind.part}-`))
  // Its workers may be another user than its main process.
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'logs'))
  const port = await freePort()
  await writeFile(join(folder, 'proxy.conf'), kind.configuration(folder, port, service))
  const child = await startChild({
    command: pathOf(kind.part),
    args: [...kind.command, join(folder, 'proxy.conf')],
    ready: async () => await accepts(port),
    afterwards: async () => await rm(folder, { recursive: true, force: true }),
  })
  const asked = async (): Promise<number> => {
    const answer = await (await fetch(`http://127.0.0.1:${port}${kind.status.path}`)).text()
    const [, requests] = kind.status.requests.exec(answer) ?? []
    if (requests === undefined) throw new Error(`No number of requests in ${answer}`)
    return Number(requests)
  }
  let questions = 0
  // Whether the question that is being answered counts itself.
  const first = await asked()
  return {
    ...child,
    port,
    async served() {
      questions++
      return (await asked()) - first - questions
    },
    async logged() {
      const lines = (await readFile(join(folder, 'access.log'), 'utf8')).split('\n').filter((line) => line !== '')
      const counts: Record<string, number> = {}
      for (const line of lines) counts[line] = (counts[line] ?? 0) + 1
      return counts
    },
  }
}
