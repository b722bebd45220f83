import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contactsCsv } from '../scripts/make-contacts.ts'

const file = readFileSync(new URL('../../../examples/contacts.csv', import.meta.url), 'utf8')

/** A second, plain way to read the file: it knows nothing of the code that imports it. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end !== ',') rows.push([])
  }
  return rows.slice(0, -1)
}

const [header, ...rows] = rowsOf(file)

/** The people of the file who are leads for the demo campaign, counted by reading the rules aloud. */
function countByHand(): number {
  const seen = new Set<string>()
  return rows.filter(([, , written = '', title = '', , industry = '', size = '', country = '']) => {
    const email = written.toLowerCase()
    if (!/^[a-z.]+@[a-z.]+\.example$/.test(email) || seen.has(email)) return false
    seen.add(email)
    const titleFits =
      /\b(Founder|CEO|Owner|Managing Director|Chief Executive Officer)\b/.test(title) &&
      !/^(Former|Executive Assistant)/.test(title)
    const countryFits = /^(United States|USA|United Kingdom|Germany|Deutschland|France|Netherlands|Spain|España)$/.test(
      country,
    )
    const industryFits = /^(Computer Software|Internet|Financial Services|Marketing & Advertising|E-commerce)$/.test(
      industry,
    )
    if (!titleFits || !countryFits || !industryFits || !/^(1-10|11-50|51-200|201-500)$/.test(size)) return false
    const shared = /^(info|sales|hello|support)@/.test(email)
    const thrownAway = email.endsWith('@throwaway.example')
    return !shared && !thrownAway && createHash('sha256').update(email).digest().readUInt32BE(0) % 100 < 70
  }).length
}

test('the example file is the one its script makes', () => {
  expect(contactsCsv()).toBe(file)
})

test('it has 2,000 rows with what real lists have: gaps, mistakes, duplicates, quotes, accents', () => {
  expect(header).toHaveLength(9)
  expect(rows).toHaveLength(2_000)
  for (const row of rows) expect(row).toHaveLength(9)
  const emails = rows.map((row) => row[2]!.toLowerCase())
  expect(emails.filter((email) => email === '').length).toBeGreaterThan(20)
  expect(emails.filter((email) => email !== '' && !/^[^@\s]+@[^@\s]+\.[a-z]+$/.test(email)).length).toBeGreaterThan(20)
  expect(emails.length - new Set(emails).size).toBeGreaterThan(50)
  expect(emails.filter((email) => email.startsWith('info@')).length).toBeGreaterThan(3)
  expect(file).toMatch(/[éöłşþ]/)
  expect(file).toContain('""')
})

test('nothing in it can be anybody: every domain ends in .example', () => {
  for (const [, , email = ''] of rows) {
    if (/@./.test(email)) expect(email).toMatch(/\.example$/i)
  }
})

test('A59 exactly 696 of its 2,000 rows are leads for the demo campaign', () => {
  expect(countByHand()).toBe(696)
})
