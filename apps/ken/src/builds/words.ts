/** The words of a build, checked: what people type, and what a builder answers. One set of limits for both. */
import * as z from 'zod'
import { criteria } from '../campaigns/criteria.ts'
import { sequence } from '../sending/sequence.ts'
import { visibleText } from '../visible-text.ts'

const length = (text: string) => Array.from(text).length

/** One line of up to so many characters. */
const line = (most: number, least: 0 | 1 = 1) =>
  z
    .string()
    .refine((text) => !/\p{Cs}/u.test(text), 'Has half a character.')
    .transform(visibleText)
    .refine((text) => length(text) >= least, 'May not be empty.')
    .refine((text) => length(text) <= most, `May be at most ${most} characters long.`)

/** Text of several lines; of control characters only tabs and line ends are kept. */
const prose = (most: number, least: 0 | 1 = 1) =>
  z
    .string()
    .refine((text) => !/\p{Cs}/u.test(text), 'Has half a character.')
    .transform(plainText)
    .refine((text) => length(text) >= least, 'May not be empty.')
    .refine((text) => length(text) <= most, `May be at most ${most} characters long.`)

/** Text without what cannot be seen or kept; its lines stay. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim()
}

const points = z.array(line(300)).min(1).max(12)

const buildName = line(100)

export const brief = z.strictObject({
  company: line(120),
  website: line(200, 0).default(''),
  offer: prose(2_000),
  audience: prose(2_000, 0).default(''),
  goal: prose(1_000, 0).default(''),
})

export const newBuild = z.strictObject({ name: buildName, brief })

export const research = z.strictObject({ summary: prose(2_000), facts: points })
export const planning = z.strictObject({ goal: line(300), points })
export const strategy = z.strictObject({ angle: prose(600), tone: line(200), points })
export const target = z.number().int().min(1).max(1_000_000)
export const idealCustomer = z.strictObject({ criteria, target })

const segment = { name: line(100), description: prose(500) }

/** At most so many, so that counting them is quick. */
const mostSegments = 8

/** As a person sends them back: how many people a segment has is counted, whatever stands here. */
const editedSegments = z
  .array(z.strictObject({ ...segment, criteria: criteria.optional(), people: z.unknown().optional() }))
  .min(1)
  .max(mostSegments)

/** As a builder proposes them. */
export const proposedSegments = z.strictObject({
  segments: z
    .array(z.strictObject({ ...segment, criteria }))
    .min(1)
    .max(mostSegments),
})

const placeholders = new Set(['firstName', 'company', 'title'])

/** Four mails, which ask for nothing of a contact that is not known. */
export const writtenSequence = z.strictObject({
  sequence: sequence
    .refine((steps) => steps.length === 4, 'Write four mails.')
    .refine(
      (steps) =>
        steps.every(({ subject, body }) =>
          [...(subject + body).matchAll(/\{\{([^{}]*)\}\}/g)].every(([, name]) => placeholders.has(name!)),
        ),
      'Only {{firstName}}, {{company}} and {{title}} may stand in a mail.',
    ),
})

export const edits = z.strictObject({
  name: buildName.optional(),
  brief: brief.optional(),
  planning: planning.optional(),
  criteria: criteria.optional(),
  target: target.nullable().optional(),
  segments: editedSegments.optional(),
  strategy: strategy.optional(),
  sequence: sequence.optional(),
})

export type Edits = z.infer<typeof edits>
export type IdealCustomer = z.infer<typeof idealCustomer>
export type ProposedSegment = z.infer<typeof proposedSegments>['segments'][number]
