/**
 * Finds the module specifiers of a source or declaration file: what it imports and re-exports, for its types or its
 * values. By a parser, because a specifier in a comment or a string is not one.
 */
import { Visitor, parseSync } from 'oxc-parser'

/**
 * @typedef {object} ModuleSpecifier
 * @property {string | undefined} value undefined where an `import()` computes it
 * @property {number} start of the literal with its quotes, in UTF-16 units
 * @property {number} end
 */

/**
 * @param {string} path names the file and tells its language by its extension
 * @param {string} text
 * @returns {ModuleSpecifier[]} in the order of the text
 */
export function moduleSpecifiers(path, text) {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`)

  /** @type {ModuleSpecifier[]} */
  const found = []
  const add = (source) => {
    if (!source) return
    found.push({
      value: typeof source.value === 'string' ? source.value : undefined,
      start: source.start,
      end: source.end,
    })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program)
  return found.toSorted((a, b) => a.start - b.start)
}
