import { expect, test } from 'vitest'
import type { DirectoryOptions } from '../directory/search.ts'
import { values } from '../directory/values.ts'
import type { SoFar } from './builder.ts'
import { offlineBuilder } from './offline-builder.ts'
import { planning, proposedSegments, research, strategy, writtenSequence } from './words.ts'

const builder = offlineBuilder()
const signal = new AbortController().signal
const option = (value: string) => ({ value, people: 1 })
const options: DirectoryOptions = {
  ready: true,
  prepared: 1,
  people: 1,
  titles: values.titles.map(option),
  countries: values.countries.map(option),
  industries: values.industries.map(option),
  companySizes: values.companySizes.map(option),
}

const briefOf = (words: Partial<SoFar['brief']>): SoFar => ({
  name: 'Test',
  brief: { company: 'Brightdesk', website: '', offer: 'A help desk.', audience: '', goal: '', ...words },
  files: [],
  research: null,
  planning: null,
  criteria: null,
  target: null,
  qualify: null,
  segments: null,
  strategy: null,
})

const criteriaFor = async (words: Partial<SoFar['brief']>) =>
  (await builder.idealCustomer(briefOf(words), options, signal)).criteria

test.each([
  [
    'Marketing leaders at e-commerce shops in the Netherlands',
    { countries: ['Netherlands'], industries: ['E-commerce'] },
  ],
  ['CFOs of banks and insurers in DACH', { titles: ['CFO', 'Finance Director'], industries: ['Insurance', 'Banking'] }],
  ['CFOs of banks and insurers in DACH', { countries: ['Germany', 'Switzerland', 'Austria'] }],
  [
    'IT directors of mid-size manufacturers',
    { titles: ['IT Director', 'CTO', 'Co-Founder & CTO'], companySizes: ['201-500', '51-200'] },
  ],
  ['companies with 500 to 2,000 employees', { companySizes: ['1,001-5,000', '501-1,000', '201-500'] }],
  ['Recruiters in the US and the UK', { titles: expect.arrayContaining(['Recruiter']) as string[] }],
  ['everybody who asks us for it', { countries: [], industries: [], companySizes: [] }],
])('%s', async (audience, wanted) => {
  const criteria = await criteriaFor({ audience })
  const sorted = Object.fromEntries(Object.entries(criteria).map(([list, words]) => [list, words?.toSorted()]))
  for (const [list, words] of Object.entries(wanted))
    expect(sorted[list]).toEqual(Array.isArray(words) ? words.toSorted() : words)
  expect(criteria.titles.length).toBeGreaterThan(0)
})

test('a word within another is not that word', async () => {
  const { countries, titles } = await criteriaFor({ audience: 'Indianapolis museums that tell us about it' })
  expect([countries, titles]).toEqual([[], expect.arrayContaining(['CEO', 'Founder'])])
})

test('what an offer is for is read where nobody says whom it is for', async () => {
  expect(await criteriaFor({ offer: 'Scheduling software for clinics in Spain.' })).toMatchObject({
    countries: ['Spain'],
    industries: ['Hospital & Health Care'],
  })
})

test('the same brief and files bring the same words, within what a step may hold, with the offer in each of four mails', async () => {
  const soFar: SoFar = {
    ...briefOf({
      offer: `Tents {{x}} that ${'stand in the wind '.repeat(90)}`,
      goal: 'Book calls',
      company: 'C'.repeat(120),
    }),
    files: [
      { name: 'notes.md', text: `# Notes\n\n- 40 customers ${'and more '.repeat(5_000)}\n` },
      { name: `${'n'.repeat(190)}.csv`, text: Array.from({ length: 60 }, (_, n) => `Column ${n}`).join(',') },
    ],
  }
  const make = async () => {
    const found = await builder.research(soFar, signal)
    const planned = await builder.planning({ ...soFar, research: found }, signal)
    const { criteria, target } = await builder.idealCustomer(soFar, options, signal)
    const segments = await builder.segment({ ...soFar, criteria }, options, signal)
    const counted = segments.map((segment) => ({ ...segment, people: 1 }))
    const angle = await builder.strategy({ ...soFar, segments: counted }, signal)
    return { found, planned, criteria, target, segments, angle, sequence: await builder.emailCopy(soFar, signal) }
  }
  const made = await make()
  expect(await make()).toEqual(made)
  expect(research.parse(made.found)).toEqual(made.found)
  expect(planning.parse(made.planned)).toEqual(made.planned)
  expect(proposedSegments.parse({ segments: made.segments }).segments).toEqual(made.segments)
  expect(strategy.parse(made.angle)).toEqual(made.angle)
  expect(writtenSequence.parse({ sequence: made.sequence }).sequence).toEqual(made.sequence)
  expect(made.sequence.map(({ waitDays }) => waitDays)).toEqual([0, 3, 3, 3])
  for (const { body } of made.sequence) expect(body).toContain('Tents x that stand in the wind')
})
