/** What the answers of several routes have in common, for the OpenAPI document. */
import * as answers from '../answers.ts'
import type { AnswerDocument } from '../route.ts'

const replayed = {
  'Idempotent-Replayed': { description: '`true` where the answer is a stored one.', schema: { type: 'string' } },
} as const

export const stored = (description: string, schema: AnswerDocument['schema']): AnswerDocument => ({
  description,
  ...(schema && { schema }),
  headers: replayed,
})

export const refused: AnswerDocument = {
  description: 'Refused, nothing changed: what is left, why, and what helps (`insufficient_credits`).',
  schema: answers.refusal,
  headers: replayed,
}

export const closedOrRunning: AnswerDocument = {
  description:
    'The reservation has ended otherwise (`reservation_closed`), or the same request still runs (`in_progress`).',
  schema: answers.conflict,
}

export const running: AnswerDocument = {
  description: 'The same request still runs (`in_progress`).',
  schema: answers.conflict,
}

export const existsOrRunning: AnswerDocument = {
  description:
    'A plan, while there is a subscription: change it in the portal (`subscription_exists`). Or the same request still runs (`in_progress`).',
  schema: answers.conflict,
}
