import { readFile } from 'node:fs/promises'
import type { MetricsServerTls } from '../adapters/metrics-server.ts'
import { ScrapeAuth, type ScrapeCredentials } from '../http/scrape-auth.ts'
import type { Settings } from './settings.ts'

/** Who may scrape the endpoint, and with what it encrypts: options of `serveMetrics`. */
export interface EndpointGuard {
  readonly auth?: readonly ScrapeCredentials[]
  readonly tls?: MetricsServerTls
}

/**
 * Reads what the environment says of it, and the files that it names.
 *
 * @throws {Error} naming the variable, and never what is in it. What was meant to be guarded must not be served
 * without.
 */
export async function endpointGuard(settings: Settings): Promise<EndpointGuard> {
  const auth = await credentialsOf(settings)
  const tls = await tlsOf(settings)
  return { ...(auth.length > 0 && { auth }), ...(tls && { tls }) }
}

/** All that are given are let in. */
async function credentialsOf({
  token,
  tokenFile,
  username,
  passwordHash,
}: Settings): Promise<readonly ScrapeCredentials[]> {
  const credentials: ScrapeCredentials[] = []
  if (token !== undefined) credentials.push(checked('NARTHEX_TOKEN', { bearerToken: token }))
  if (tokenFile !== undefined) {
    const bearerToken = (await contentOf('NARTHEX_TOKEN_FILE', tokenFile)).trim()
    credentials.push(checked('NARTHEX_TOKEN_FILE', { bearerToken }))
  }
  const pair = both('NARTHEX_USERNAME', username, 'NARTHEX_PASSWORD_HASH', passwordHash)
  if (pair) {
    credentials.push(checked('NARTHEX_USERNAME, NARTHEX_PASSWORD_HASH', { username: pair[0], passwordHash: pair[1] }))
  }
  return credentials
}

async function tlsOf({ tlsCert, tlsKey }: Settings): Promise<MetricsServerTls | undefined> {
  const files = both('NARTHEX_TLS_CERT', tlsCert, 'NARTHEX_TLS_KEY', tlsKey)
  if (!files) return undefined
  const tls = {
    cert: await contentOf('NARTHEX_TLS_CERT', files[0]),
    key: await contentOf('NARTHEX_TLS_KEY', files[1]),
  }
  const { createSecureContext } = await import('node:tls')
  naming('NARTHEX_TLS_CERT, NARTHEX_TLS_KEY', () => createSecureContext(tls))
  return tls
}

function both(
  variable: string,
  value: string | undefined,
  other: string,
  otherValue: string | undefined,
): readonly [string, string] | undefined {
  if (value !== undefined && otherValue !== undefined) return [value, otherValue]
  if (value === undefined && otherValue === undefined) return undefined
  throw new Error(value === undefined ? `${other} needs ${variable}` : `${variable} needs ${other}`)
}

function checked(variables: string, credentials: ScrapeCredentials): ScrapeCredentials {
  naming(variables, () => new ScrapeAuth(credentials))
  return credentials
}

async function contentOf(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new Error(`${variable}: ${(error as Error).message}`, { cause: error })
  }
}

function naming(variables: string, check: () => unknown): void {
  try {
    check()
  } catch (error) {
    throw new Error(`${variables}: ${(error as Error).message}`, { cause: error })
  }
}
