/** What people say of themselves and of others, checked once when it arrives. */
import * as z from 'zod'
import { visibleText } from '../visible-text.ts'
import { passwordLength } from './library.ts'

/** A name in one line, at most 100 of what people see as characters. */
const shownName = z
  .string()
  .max(1_000)
  .transform(visibleText)
  .refine((text) => !/\p{Cs}/u.test(text), 'Contains half a character, which cannot be kept.')
  .refine((text) => text.length > 0, 'May not be empty.')
  .refine((text) => Array.from(text).length <= 100, 'May be at most 100 characters long.')

export const personName = shownName
export const workspaceName = shownName

/** In lower case, as addresses are compared. */
export const email = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email('This is not an email address.'))

export const password = z
  .string()
  .min(passwordLength.least, `Must have at least ${passwordLength.least} characters.`)
  .max(passwordLength.most, `May have at most ${passwordLength.most} characters.`)

export const role = z.enum(['admin', 'editor', 'member', 'viewer'])

/** As the pages and mails name a role. */
export const roleNames = { admin: 'Admin', editor: 'Editor', member: 'Member', viewer: 'View only' } as const
