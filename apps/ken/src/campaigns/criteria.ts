/** Whom a campaign is for: the words its owner chose, checked once when they arrive. An empty list asks for nothing. */
import * as z from 'zod'
import { visibleText } from '../visible-text.ts'

/** A word or phrase as a person types it: no control characters, at most 100 of what they see as characters. */
const phrase = z
  .string()
  .refine((text) => !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text.trim()), 'May not have control characters.')
  .transform(visibleText)
  .refine((text) => text.length > 0, 'May not be empty.')
  .refine((text) => Array.from(text).length <= 100, 'May be at most 100 characters long.')

const phrases = z.array(phrase).max(50)

export const criteria = z.strictObject({
  titles: phrases,
  countries: phrases,
  industries: phrases,
  companySizes: phrases.optional(),
})

export type Criteria = z.infer<typeof criteria>

export const newCampaign = z.strictObject({ name: phrase, criteria })
export const renamedCampaign = newCampaign.pick({ name: true })

/** The campaign of the demo workspace; the shipped example file is made for it. */
export const demoCriteria: Criteria = {
  titles: ['Founder', 'CEO', 'Owner', 'Managing Director'],
  countries: ['United States', 'United Kingdom', 'Germany', 'France', 'Netherlands', 'Spain'],
  industries: ['Software', 'Internet', 'Financial Services', 'Marketing', 'E-commerce'],
  companySizes: ['1-10', '11-50', '51-200', '201-500'],
}
