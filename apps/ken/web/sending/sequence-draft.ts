/** A sequence while somebody writes it: what may be empty for a moment, what is wrong with it, and the one to begin with. */
import type { SequenceStep } from './api.ts'

export interface DraftStep {
  /** Tells the steps apart while they move up. */
  key: number
  waitDays: number | null
  subject: string
  body: string
}

export const mostSteps = 4
export const usualWaitDays = 3
const longest = { subject: 200, body: 5_000 }

export const draftOf = (steps: SequenceStep[]): DraftStep[] => steps.map((step, key) => ({ key, ...step }))

/** One more mail at the end. */
export function withStep(steps: DraftStep[]): DraftStep[] {
  const key = Math.max(-1, ...steps.map((step) => step.key)) + 1
  return [...steps, { key, waitDays: steps.length === 0 ? 0 : usualWaitDays, subject: '', body: '' }]
}

/** Without that mail; the one that is first then waits for nothing. */
export function withoutStep(steps: DraftStep[], key: number): DraftStep[] {
  return steps
    .filter((step) => step.key !== key)
    .map((step, index) => ({ ...step, waitDays: index === 0 ? 0 : (step.waitDays ?? usualWaitDays) || usualWaitDays }))
}

export const stepsOf = (draft: DraftStep[]): SequenceStep[] =>
  draft.map(({ waitDays, subject, body }) => ({ waitDays: waitDays ?? 0, subject: subject.trim(), body: body.trim() }))

export function isSame(draft: DraftStep[], steps: SequenceStep[]): boolean {
  return (
    draft.length === steps.length &&
    draft.every(({ waitDays, subject, body }, index) => {
      const step = steps[index]!
      return waitDays === step.waitDays && subject === step.subject && body === step.body
    })
  )
}

export interface StepFaults {
  waitDays: string | null
  subject: string | null
  body: string | null
}

/** What is wrong with a mail, in words that stand under its field; null where nothing is. */
export function faultsOf({ waitDays, subject, body }: DraftStep, index: number): StepFaults {
  const isWait = waitDays !== null && Number.isInteger(waitDays) && waitDays >= 1 && waitDays <= 30
  return {
    waitDays: index === 0 || isWait ? null : 'Type a whole number from 1 to 30.',
    subject: textFault(subject, longest.subject, 'Write a subject: it is what the recipient sees first.'),
    body: textFault(body, longest.body, 'Write what the mail says.'),
  }
}

function textFault(text: string, most: number, empty: string): string | null {
  if (text.trim() === '') return empty
  return text.trim().length > most ? `At most ${most.toLocaleString('en-US')} characters.` : null
}

export const isFaulty = (draft: DraftStep[]) =>
  draft.some((step, index) => Object.values(faultsOf(step, index)).some((fault) => fault !== null))

/** Four mails to begin with, as a standard sequence has them. */
export const usualSequence: SequenceStep[] = [
  {
    waitDays: 0,
    subject: 'A question about {{company}}',
    body: `Hi {{firstName}},

as {{title}} at {{company}} you know better than anyone how your team finds new customers. We help teams like yours talk to the right people first, with less searching.

Would a quarter of an hour next week be worth it to see whether it fits?

Best regards`,
  },
  {
    waitDays: usualWaitDays,
    subject: 'How others do it',
    body: `Hi {{firstName}},

a short addition to my last mail: teams of the size of {{company}} mostly start with one list of people and one simple message, and see after two weeks whether it works.

Shall I send you an example?

Best regards`,
  },
  {
    waitDays: usualWaitDays,
    subject: 'Somebody else at {{company}}?',
    body: `Hi {{firstName}},

if finding new customers is not on your desk: who at {{company}} would be the right person to ask?

Thank you for pointing me the way.

Best regards`,
  },
  {
    waitDays: usualWaitDays,
    subject: 'My last mail on this',
    body: `Hi {{firstName}},

I do not want to fill your inbox, so this is my last mail. If the time is better later on, a short answer is enough and I will get back to you then.

All the best for you and {{company}}`,
  },
]
