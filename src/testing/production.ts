/** Whether `NODE_ENV` says so; not every platform has a `process`. */
export function isProduction(): boolean {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } }
  return process?.env?.['NODE_ENV'] === 'production'
}
