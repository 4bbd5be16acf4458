/** Help text as the text formats want it on one line: backslash and line feed escaped (conformance T5). */
export function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** A label value as it stands between quotes: backslash, line feed and quote escaped (conformance T5). */
export function escapeLabelValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"')
}
