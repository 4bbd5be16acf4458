/**
 * One contestant answers one question once, in this process, which is made for it: `round-process.mjs` makes it and
 * takes the answer.
 */
import { questionNamed } from './questions.mjs'

const [name, contestant, quick] = process.argv.slice(2)
const { answer } = await questionNamed(name)
const given = await answer({ question: name, contestant, quick: quick === 'quick' })
process.send(given, () => process.disconnect())
