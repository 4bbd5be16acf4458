import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requestTarget } from '../http/request-target.ts'

/** What is used of `routes-manifest.json`, which `next build` writes. */
export interface NextRoutesManifest {
  readonly basePath?: string
  readonly i18n?: { readonly locales: readonly string[] } | null
  readonly staticRoutes?: readonly NextRoute[]
  readonly dynamicRoutes?: readonly NextRoute[]
  /** What the pages router fetches instead of a page. */
  readonly dataRoutes?: readonly { readonly page: string; readonly dataRouteRegex: string }[]
}

interface NextRoute {
  /** As its files are named: `/users/[id]`. */
  readonly page: string
  readonly regex: string
}

/** The routes of a build of Next.js: the pages, and what it answers itself. */
export class NextRoutes {
  readonly #basePath: string
  readonly #locales: ReadonlySet<string>
  /** In the order in which Next.js tries them. */
  readonly #routes: readonly (readonly [page: string, regex: RegExp])[]

  constructor({ basePath = '', i18n, staticRoutes = [], dynamicRoutes = [], dataRoutes = [] }: NextRoutesManifest) {
    this.#basePath = basePath
    this.#locales = new Set(i18n?.locales.map((locale) => locale.toLowerCase()))
    this.#routes = [
      ...OWN_ROUTES,
      ...staticRoutes.map(({ page, regex }) => [page, new RegExp(regex)] as const),
      ...dataRoutes.map(({ page, dataRouteRegex }) => [page, new RegExp(dataRouteRegex)] as const),
      ...dynamicRoutes.map(({ page, regex }) => [page, new RegExp(regex)] as const),
    ]
  }

  /** @throws {Error} of Node, if it is not there */
  static of(distDir: string): NextRoutes {
    return new NextRoutes(JSON.parse(readFileSync(join(distDir, 'routes-manifest.json'), 'utf8')) as NextRoutesManifest)
  }

  /** The page of a request's target; `undefined` if there is none. */
  pageOf(url: string): string | undefined {
    const { path } = requestTarget(url)
    if (path !== this.#basePath && !path.startsWith(`${this.#basePath}/`)) return undefined
    const inside = this.#withoutLocale(decoded(path.slice(this.#basePath.length)) || '/')
    return this.#routes.find(([, regex]) => regex.test(inside))?.[0]
  }

  #withoutLocale(path: string): string {
    if (this.#locales.size === 0) return path
    const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? []
    return this.#locales.has(first.toLowerCase()) ? rest || '/' : path
  }
}

/** The files of a build are many, and what else is there depends on the version. */
const OWN_ROUTES = [
  ['/_next/static/*', /^\/_next\/static\//],
  ['/_next/image', /^\/_next\/image\/?$/],
] as const

/** But for slashes, which are a part of their segment if they are encoded. */
function decoded(path: string): string {
  try {
    return path
      .split(/%2f/i)
      .map((part) => decodeURIComponent(part))
      .join('%2F')
  } catch {
    return path
  }
}
