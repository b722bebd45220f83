/** An address, and how it is found in whatever names it: by itself, never as a part of somebody else's. */
import { Problem } from '../http/problem.ts'
import { normaliseEmail } from '../imports/contact.ts'

export interface Address {
  /** As it was given, and as contacts are counted by: they differ where its domain is not ASCII. In lower case. */
  spellings: string[]
  /** A regular expression for ~*, also good for JSON as text. */
  mention: string
}

/** Throws a Problem where this is no address. */
export function addressOf(text: string): Address {
  const given = text.trim().toLowerCase()
  const counted = normaliseEmail(given)
  if (counted === null) throw new Problem('invalid_request', `${text} is not an email address.`)
  const spellings = [...new Set([given, counted])]
  return { spellings, mention: `${before}(${spellings.map(literal).join('|')})${after}` }
}

/** A text wherever it stands, whatever is around it. */
export const anywhere = (text: string): string => literal(text)

/** Ann's address ends Joann's, and may end a quoted word, or a line that JSON writes as \n. */
const before = String.raw`(^|[^[:alnum:]._%+'-]|\\[nrtbf]|[^[:alnum:]]')`
/** It begins a longer domain, and may end a sentence. */
const after = String.raw`($|[^[:alnum:].-]|\.($|[^[:alnum:]]))`

/** As it stands in JSON, with nothing that means something to a regular expression. */
const literal = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
