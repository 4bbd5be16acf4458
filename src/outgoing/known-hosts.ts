/** The host of every request beyond those that may have a label of their own. */
const OTHER_HOSTS = '_overflow'

/** Where a request goes. */
export interface Host {
  /** As the program names it, in lower case: a name or an address. */
  readonly address: string
  readonly port: string
  /** Both, as in a URL: without a port that goes without saying. */
  readonly host: string
}

/** The first hosts that a program calls, so many and no more: they may come from its users. */
export class KnownHosts {
  readonly #most: number
  readonly #hosts: Map<string, Host> = new Map()
  readonly #others: Host = { address: OTHER_HOSTS, port: OTHER_HOSTS, host: OTHER_HOSTS }

  constructor(most: number) {
    this.#most = most
  }

  /** @param port `undefined` for that of the scheme */
  of(scheme: 'http' | 'https', name: string, port: string | undefined): Host {
    // No name in the DNS is longer.
    if (name.length > 255) return this.#others
    const address = name.toLowerCase()
    const standard = scheme === 'https' ? '443' : '80'
    const goesWithoutSaying = port === undefined || port === standard
    // The scheme is a part of it only where it says the port.
    const key = goesWithoutSaying ? `${scheme}:${address}` : `${address}:${port}`
    const known = this.#hosts.get(key)
    if (known !== undefined) return known
    if (this.#hosts.size >= this.#most) return this.#others
    const host = { address, port: port ?? standard, host: goesWithoutSaying ? address : `${address}:${port}` }
    this.#hosts.set(key, host)
    return host
  }
}
