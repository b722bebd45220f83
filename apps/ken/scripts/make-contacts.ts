/**
 * Makes examples/contacts.csv: 2,000 people who do not exist, at companies that do not exist, under a domain nobody can own. Seeded,
 * so that it makes the same file every time; a test counts by hand how many of them are leads.
 *
 *   npx tsx apps/ken/scripts/make-contacts.ts
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const rowCount = 2_000

const people = {
  first:
    'Amélie Björn Chloé Dániel Élodie François Gülşen Håkon Inés Jürgen Zoë Łukasz Márta Noël Óscar Päivi Renée Søren Þóra Yannick ' +
    'Anna Ben Clara David Emma Felix Grace Hugo Iris James Kate Liam Maya Nora Owen Paula Quinn Rosa Sam Tess Uma Victor Wanda',
  last:
    'Almqvist Bäcker Cañete Dubois Eßer Fournier García Höglund Ibáñez Jørgensen Köhler Lefèvre Müller Nuñez Öztürk Pérez Rößler ' +
    "Sánchez Thibault Ünal Vögel Weiß Yıldız Zieliński Archer Bell Clarke Dawson Ellis Foster Grant Hayes O'Brien O'Neill Parker Reid",
}

const companies = {
  start:
    'Amber Birch Cobalt Dune Ember Fjord Garnet Harbor Indigo Juniper Kestrel Larch Meadow Nimbus Orchid Pebble Quartz River',
  middle: 'field works forge lane light mark path point shore stone wave yard',
  end: ['', '', '', ' Labs', ' Group', ' GmbH', ' SAS', ' Ltd', ', Inc.', ', Partner & Co.', ' "Studio" AG', ' S.L.'],
}

/** How often each value comes, in parts of all. Blank stands for a cell that was left empty. */
const titles: [number, string][] = [
  [22, 'Founder'],
  [18, 'CEO'],
  [14, 'Co-Founder & CEO'],
  [8, 'Owner'],
  [7, 'Managing Director'],
  [5, 'Founder, Product'],
  [3, 'Chief Executive Officer'],
  [6, 'Head of Marketing'],
  [5, 'Software Engineer'],
  [3, 'Executive Assistant to the CEO'],
  [2, 'Former Founder'],
  [4, 'Sales Manager, EMEA'],
  [3, ''],
]
const countries: [number, string][] = [
  [26, 'United States'],
  [14, 'United Kingdom'],
  [14, 'Germany'],
  [4, 'Deutschland'],
  [12, 'France'],
  [9, 'Netherlands'],
  [7, 'Spain'],
  [2, 'España'],
  [3, 'USA'],
  [3, 'Canada'],
  [3, 'Brazil'],
  [2, 'Japan'],
  [1, ''],
]
const industries: [number, string][] = [
  [34, 'Computer Software'],
  [14, 'Internet'],
  [16, 'Financial Services'],
  [16, 'Marketing & Advertising'],
  [10, 'E-commerce'],
  [4, 'Construction'],
  [3, 'Hospitality'],
  [3, 'Higher Education'],
]
const sizes: [number, string][] = [
  [26, '1-10'],
  [34, '11-50'],
  [24, '51-200'],
  [9, '201-500'],
  [5, '501-1,000'],
  [2, '1,001+'],
]
const notes: [number, string][] = [
  [70, ''],
  [10, 'Met at the autumn fair, asked for a call'],
  [8, 'Said: "not before Q4"'],
  [7, 'Two lines:\nsecond one'],
  [5, 'Prefers e-mail; speaks français'],
]
const domains = ['example', 'mail.example', 'co.example']

export function contactsCsv(): string {
  const random = seeded(20261123)
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
  const draw = (weighted: [number, string][]): string => {
    let place = random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
    return weighted.find(([weight]) => (place -= weight) < 0)![1]
  }
  const [first, last, start, middle] = [people.first, people.last, companies.start, companies.middle].map((list) =>
    list.split(' '),
  ) as [string[], string[], string[], string[]]
  const rows: string[][] = []
  while (rows.length < rowCount) {
    // One in twenty-five is someone already in the list, as it happens when lists are put together; some in another spelling.
    if (rows.length > 50 && random() < 0.04) {
      const twin = [...pick(rows)]
      if (random() < 0.3) twin[2] = twin[2]!.toUpperCase()
      rows.push(twin)
      continue
    }
    const [firstName, lastName, name] = [pick(first), pick(last), pick(start) + pick(middle)]
    const domain = `${plain(name)}.${pick(domains)}`
    rows.push([
      firstName,
      lastName,
      address(random(), plain(firstName), plain(lastName), domain),
      draw(titles),
      name + pick(companies.end),
      draw(industries),
      draw(sizes),
      draw(countries),
      draw(notes),
    ])
  }
  const header = [
    'First Name',
    'Last Name',
    'Work Email',
    'Job Title',
    'Company',
    'Industry',
    'Employees',
    'Country',
    'Notes',
  ]
  return [header, ...rows].map((cells) => cells.map(quoted).join(',')).join('\r\n') + '\r\n'
}

/** Most are ordinary; some are missing, mistyped, shared by a team or thrown away after use. */
function address(chance: number, first: string, last: string, domain: string): string {
  if (chance < 0.04) return ''
  if (chance < 0.055) return `${first}.${last}@`
  if (chance < 0.07) return `${first} ${last}@${domain}`
  if (chance < 0.08) return `${first}.${last}.${domain}`
  if (chance < 0.105) return `${['info', 'sales', 'hello', 'support'][Math.floor(chance * 10_000) % 4]}@${domain}`
  if (chance < 0.12) return `${first}${last}@throwaway.example`
  if (chance < 0.5) return `${first}.${last}@${domain}`
  if (chance < 0.75) return `${first[0]}${last}@${domain}`
  return `${first}@${domain}`
}

function plain(name: string): string {
  const letters: Record<string, string> = { ß: 'ss', ø: 'o', ł: 'l', ı: 'i', þ: 'th' }
  return name
    .toLowerCase()
    .replace(/[ßøłıþ]/g, (letter) => letters[letter]!)
    .normalize('NFKD')
    .replace(/[^a-z]/g, '')
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Mulberry32: small, and the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../../../examples/contacts.csv', import.meta.url)), contactsCsv())
}
