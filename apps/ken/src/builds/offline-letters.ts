/** The four mails of a campaign, from the brief alone. */
import type { SequenceStep } from '../sending/sequence.ts'
import type { SoFar } from './builder.ts'
import { asSentence, clip, factsOf, offerOf, sentences } from './offline-reading.ts'

/** The offer is in each mail, each time from another side; the last one says that it is the last. */
export function writeLetters(soFar: SoFar): SequenceStep[] {
  const company = clip(soFar.brief.company, 80)
  const offer = offerOf(soFar)
  const question = questionOf(soFar)
  const more = proofOf(soFar)
  const letter = (waitDays: number, subject: string, ...paragraphs: string[]): SequenceStep => ({
    waitDays,
    subject,
    body: ['Hi {{firstName}},', ...paragraphs, `Best regards,\n${company}`].join('\n\n'),
  })
  return [
    letter(
      0,
      'A question for {{company}}',
      `I write to you on behalf of ${company}. In one sentence, this is what we offer: ${offer}`,
      'Is that something {{company}} is looking at, or would somebody else be the one to ask?',
    ),
    letter(
      3,
      `What ${company} could do for {{company}}`,
      'A short note after my first mail, in case it came at a bad time.',
      [`What we offer: ${offer}`, ...more].join('\n'),
      question,
    ),
    letter(
      3,
      'Would an example help?',
      `It is easier to judge an offer by an example than by a promise. If you tell me in a line how {{company}} does it today, I will answer with what would change: ${offer}`,
      'A reply of one sentence is enough.',
    ),
    letter(
      3,
      'My last note to {{company}}',
      `This is my last mail on this, so that your inbox stays yours. Should it become a topic at {{company}} later, this is what to remember: ${offer}`,
      'If it is of no interest, a short “no” helps me too. Thank you for reading this far.',
    ),
  ]
}

/** What the person wants of a reader, as a question. */
function questionOf({ brief }: SoFar): string {
  const goal = brief.goal
  if (/\bdemos?\b/i.test(goal)) return 'Would a short demo be useful to you?'
  if (/\btrials?\b|\btry\b/i.test(goal)) return 'Would you like to try it for yourself?'
  if (/\b(?:calls?|meetings?|conversations?|talks?|appointments?)\b/i.test(goal))
    return 'Would 15 minutes on the phone be worth it?'
  return 'Shall I send you a little more about it?'
}

/** Up to two things that speak for the offer, from what the person wrote. */
function proofOf(soFar: SoFar): string[] {
  const own = sentences(soFar.brief.offer).slice(1, 3)
  if (own.length > 0) return own.map((one) => `- ${asSentence(one, 200)}`)
  return factsOf({ ...soFar, files: [] }, 1).map((fact) => `- ${fact}`)
}
