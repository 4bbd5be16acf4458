import { readFileSync } from 'node:fs'
import { Visitor, parseSync } from 'oxc-parser'

/**
 * The members of a type such as `type Colour = 'red' | 'green'`, in their order.
 * Types are gone when a program runs, so they are read from the source.
 *
 * @param {URL} file
 * @param {string} name of the type
 * @returns {string[]}
 */
export function stringUnion(file, name) {
  const { program, errors } = parseSync(file.pathname, readFileSync(file, 'utf8'))
  if (errors.length > 0) throw new SyntaxError(`${file.pathname}: ${errors[0]?.message}`)

  /** @type {string[]} */
  const members = []
  new Visitor({
    TSTypeAliasDeclaration(node) {
      if (node.id.name !== name || node.typeAnnotation.type !== 'TSUnionType') return
      for (const member of node.typeAnnotation.types) {
        if (member.type === 'TSLiteralType' && member.literal.type === 'Literal')
          members.push(String(member.literal.value))
      }
    },
  }).visit(program)
  if (members.length === 0) throw new Error(`${file.pathname} has no union ${name} of strings`)
  return members
}
