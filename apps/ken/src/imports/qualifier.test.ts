import { expect, test } from 'vitest'
import type { Contact } from './contact.ts'
import type { Criteria } from '../campaigns/criteria.ts'
import { criteria, newCampaign } from '../campaigns/criteria.ts'
import { rulesQualifier } from './qualifier.ts'

const anyone: Criteria = { titles: [], countries: [], industries: [] }
const judge = (contact: Contact, wanted: Partial<Criteria>) => rulesQualifier.judge(contact, { ...anyone, ...wanted })
const qualifies = (contact: Contact, wanted: Partial<Criteria>) => judge(contact, wanted).qualified

const titles: [title: string, wanted: string, fits: boolean][] = [
  ['CEO', 'CEO', true],
  ['Co-Founder & CEO', 'founder', true],
  ['FOUNDER', 'Founder', true],
  ['Fondatrice', 'Founder', false],
  ['Confounder', 'Founder', false],
  ['Chief Executive Officer', 'CEO', true],
  ['CEO', 'Chief Executive Officer', true],
  ['VP Sales', 'Vice President', true],
  ['Managing Director, EMEA', 'Managing Director', true],
  ['Executive Assistant to the CEO', 'CEO', false],
  ['Former Founder', 'Founder', false],
  ['Ex-Founder', 'Founder', false],
  ['Head of Marketing', 'Marketing', true],
  ['Geschäftsführer', 'Geschaftsfuhrer', true],
]

test.each(titles)('title %j for %j: %s', (title, wanted, fits) => {
  expect(qualifies({ title }, { titles: [wanted] })).toBe(fits)
})

const countries: [country: string, wanted: string, fits: boolean][] = [
  ['Germany', 'Germany', true],
  ['Deutschland', 'Germany', true],
  ['Allemagne', 'DE', true],
  ['de', 'Germany', true],
  ['USA', 'United States', true],
  ['U.S.', 'United States', true],
  ['United States of America', 'us', true],
  ['England', 'United Kingdom', true],
  ['España', 'Spain', true],
  ['Guinea', 'Equatorial Guinea', false],
  ['Germany', 'France', false],
  ['Atlantis', 'atlantis', true],
]

test.each(countries)('country %j for %j: %s', (country, wanted, fits) => {
  expect(qualifies({ country }, { countries: [wanted] })).toBe(fits)
})

const sizes: [size: string, wanted: string, fits: boolean][] = [
  ['11-50', '11-50', true],
  ['11–50 employees', '11-50', true],
  ['37', '11-50', true],
  ['50', '11-50', true],
  ['51', '11-50', false],
  ['1,200', '1,001-5,000', true],
  ['5 001 - 10 000', '5001-10000', true],
  ['10,001+', '1000+', true],
  ['1000+', '1001-5000', false],
  ['51-200', '11-500', true],
  ['1-100', '11-50', false],
  ['unknown', '11-50', false],
]

test.each(sizes)('company size %j for %j: %s', (companySize, wanted, fits) => {
  expect(qualifies({ companySize }, { companySizes: [wanted] })).toBe(fits)
})

test('an empty list asks for nothing; every other one must be met', () => {
  expect(qualifies({}, {})).toBe(true)
  const wanted = { titles: ['CEO'], countries: ['France'], industries: ['Software'] }
  expect(qualifies({ title: 'CEO', country: 'France', industry: 'Computer Software' }, wanted)).toBe(true)
  expect(judge({ title: 'CEO', country: 'France', industry: 'Mining' }, wanted)).toEqual({
    qualified: false,
    reason: 'industry',
    label: 'Industry "Mining" does not match',
  })
})

test('what is not given is not met, and says so', () => {
  expect(judge({ title: 'CEO' }, { countries: ['France'] })).toEqual({
    qualified: false,
    reason: 'country',
    label: 'Country not given',
  })
})

test('criteria are checked when they arrive', () => {
  const fine = { titles: [' CEO '], countries: [], industries: [] }
  expect(criteria.parse(fine).titles).toEqual(['CEO'])
  const bad: unknown[] = [
    {},
    { ...fine, titles: 'CEO' },
    { ...fine, titles: [''] },
    { ...fine, titles: ['\u0000'] },
    { ...fine, titles: ['\ud800'] },
    { ...fine, titles: ['a\u202eb'] },
    { ...fine, titles: ['x'.repeat(101)] },
    { ...fine, titles: Array.from({ length: 51 }, () => 'CEO') },
    { ...fine, limit: 5 },
  ]
  for (const one of bad) expect(criteria.safeParse(one).success, JSON.stringify(one)).toBe(false)
  expect(criteria.safeParse({ ...fine, titles: ['👩‍🚀'.repeat(33)] }).success).toBe(true)
  expect(newCampaign.safeParse({ name: ' ', criteria: fine }).success).toBe(false)
  expect(newCampaign.safeParse({ name: '<script>alert(1)</script>', criteria: fine }).success).toBe(true)
})
