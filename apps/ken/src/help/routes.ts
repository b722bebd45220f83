/** The way to support, for everyone. */
import * as z from 'zod'
import { jsonBody } from '../http/request.ts'
import { json, open, type Route } from '../http/route.ts'
import { email, personName } from '../people/person.ts'
import { visibleText } from '../visible-text.ts'
import { contactSupport } from './contact.ts'

/** Line by line as it was typed, each cleaned of what cannot be seen. */
const message = z
  .string()
  .max(20_000)
  .transform((text) =>
    text
      .split(/\r\n|\r|\n/)
      .map(visibleText)
      .join('\n')
      .trim(),
  )
  .refine((text) => text !== '', 'Write what this is about.')
  .refine((text) => Array.from(text).length <= 5_000, 'May be at most 5,000 characters long.')

const receipt = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,255}$/, 'This is neither a receipt number nor an id.')

const contactRequest = z.strictObject({
  message,
  receipt: receipt.optional(),
  name: personName.optional(),
  email: email.optional(),
})

export const helpRoutes: Route[] = [
  open('POST', '/api/contact', async (context, { request }) =>
    json(await contactSupport(context, request.headers, await jsonBody(request, contactRequest)), 202),
  ),
]
