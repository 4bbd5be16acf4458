/**
 * A module of Node, where the platform has it (Bun and Deno have most). Not an import: the same code loads where there
 * is no such module.
 */
export function builtinModule(name: `node:${string}`): unknown {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  return process?.getBuiltinModule?.(name)
}
