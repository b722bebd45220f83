/** The builder that needs no network: it reads the brief and the files by plain rules, and says the same to the same words each time. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Criteria } from '../campaigns/criteria.ts'
import type { CampaignBuilder, SoFar } from './builder.ts'
import { readAudience } from './offline-audience.ts'
import { writeLetters } from './offline-letters.ts'
import { asSentence, audienceOf, clip, factsOf, offerOf } from './offline-reading.ts'
import type { ProposedSegment } from './words.ts'

/** So many contacts make a first campaign that can still be read by hand. */
const usualTarget = 500

/** `millisecondsEach` makes each step take as long as a model might, so that a demo can be watched. */
export function offlineBuilder({ millisecondsEach = 0 } = {}): CampaignBuilder {
  const after = async <Result>(signal: AbortSignal, result: () => Result): Promise<Result> => {
    if (millisecondsEach > 0) await pause(millisecondsEach, undefined, { signal })
    return result()
  }
  return {
    name: 'offline',
    research: (soFar, signal) => after(signal, () => research(soFar)),
    planning: (soFar, signal) => after(signal, () => planning(soFar)),
    idealCustomer: (soFar, options, signal) =>
      after(signal, () => {
        const audience = audienceOf(soFar)
        const { offer, goal } = soFar.brief
        const rest = [offer, goal, ...soFar.files.map(({ text }) => text.slice(0, 20_000))].join('\n')
        return { criteria: readAudience({ audience, rest }, options), target: usualTarget }
      }),
    segment: (soFar, _options, signal) => after(signal, () => segments(soFar)),
    strategy: (soFar, signal) => after(signal, () => strategy(soFar)),
    emailCopy: (soFar, signal) => after(signal, () => writeLetters(soFar)),
  }
}

function research(soFar: SoFar) {
  const { brief, files } = soFar
  const audience = audienceOf(soFar)
  const read =
    files.length === 0 ? 'your brief' : `your brief and ${files.length === 1 ? 'a file' : `${files.length} files`}`
  const summary = [
    `${brief.company} offers: ${offerOf(soFar)}`,
    audience === '' ? '' : `It is made for: ${asSentence(audience)}`,
    `All of this was read from ${read}; nothing was looked up elsewhere.`,
  ]
  const facts = factsOf(soFar, 10)
  return {
    summary: summary.filter(Boolean).join(' '),
    facts: facts.length > 0 ? facts : [`The offer: ${offerOf(soFar)}`],
  }
}

function planning(soFar: SoFar) {
  const { brief, research: found } = soFar
  const audience = audienceOf(soFar)
  const proof = found?.facts.find((fact) => /\d/.test(fact))
  return {
    goal: clip(brief.goal || `Start conversations with people who could use what ${brief.company} offers.`, 300),
    points: [
      audience === ''
        ? 'Reach the people who decide: founders, owners and managing directors.'
        : clip(`Reach the people the offer is made for: ${asSentence(audience)}`, 300),
      'Find them in the Leads Database by title, country, industry and company size.',
      clip(`Say the offer in one sentence: ${offerOf(soFar)}`, 300),
      ...(proof === undefined ? [] : [clip(`Back it up with what can be counted: ${proof}`, 300)]),
      'Write four short mails over nine days; whoever replies or unsubscribes gets no more of them.',
      'Judge the campaign by its replies, and change one thing at a time.',
    ],
  }
}

const dimensions = [
  ['industries', 'in'],
  ['titles', 'as'],
  ['countries', 'in'],
  ['companySizes', 'in companies of'],
] as const

/** One segment for each of the first four words of the first list that has several: an industry, else a title, a country, a size. */
function segments({ criteria, brief }: SoFar): ProposedSegment[] {
  const whole: Criteria = criteria ?? { titles: [], countries: [], industries: [] }
  const found = dimensions.find(([list]) => (whole[list]?.length ?? 0) > 1)
  if (!found) {
    const description = `All of them get the same message about what ${clip(brief.company, 100)} offers.`
    return [{ name: 'Everyone in the list', description, criteria: whole }]
  }
  const [list, word] = found
  return whole[list]!.slice(0, 4).map((value) => ({
    name: list === 'companySizes' ? `${value} people` : value,
    description:
      list === 'titles'
        ? `People who work as ${value}: say what the offer changes for them in this role.`
        : `People ${word} ${value}${list === 'companySizes' ? ' people' : ''}: open with an example from there.`,
    criteria: { ...whole, [list]: [value] },
  }))
}

function strategy(soFar: SoFar) {
  const { brief, segments: parts } = soFar
  const names = (parts ?? []).map(({ name }) => name)
  const whom = names.length > 1 ? new Intl.ListFormat('en', { type: 'conjunction' }).format(names) : 'the list'
  return {
    angle: clip(
      `Ask first how it is done today, then show in one sentence what ${brief.company} offers: ${offerOf(soFar)}`,
      600,
    ),
    tone: 'Plain and friendly: short sentences, one question per mail, no pressure.',
    points: [
      clip(`Keep one message for ${whom}, and change only the example.`, 300),
      'Name the offer in every mail, each time from another side.',
      'Ask for a reply of one line in the first mail; offer more in the second.',
      'Say in the last mail that it is the last.',
    ],
  }
}
