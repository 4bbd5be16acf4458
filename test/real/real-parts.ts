/** A real part that a test needs; `scripts/test-real.mjs` finds them and hands over their paths. */
export type RealPart =
  | 'prometheus'
  | 'promtool'
  | 'victoria-metrics'
  | 'python'
  | 'nginx'
  | 'apache'
  | 'node22'
  | 'node24'
  | 'node26'
  | 'bun'
  | 'deno'
  | 'workerd'
  | 'typescript52'
  | 'typescript59'
  | 'nest11'
  | 'nest12'
  | 'next'

/** Whether the part is not on this machine: the script printed why, and refuses to start the tests with `CI=true`. */
export function isMissing(part: RealPart): boolean {
  return found()[part] === undefined
}

/** The path of the part's binary, or of its folder. */
export function pathOf(part: RealPart): string {
  const path = found()[part]
  if (path === undefined) throw new Error(`${part} is not on this machine: skip the test with isMissing('${part}')`)
  return path
}

function found(): Partial<Record<RealPart, string>> {
  const handedOver = process.env['NARTHEX_REAL_PARTS']
  // Not "everything is missing": a run that starts in the wrong way would then skip all tests and look like a success.
  if (handedOver === undefined) throw new Error('Tests against real servers are started by `npm run test:real`.')
  return JSON.parse(handedOver) as Partial<Record<RealPart, string>>
}
