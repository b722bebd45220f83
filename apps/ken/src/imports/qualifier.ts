/**
 * Is this contact one the campaign is for? Yes or no, with a reason. The rules here are plain and repeatable; another judge (a
 * language model, a scoring service) takes the same place by the same interface.
 */
import type { Contact } from './contact.ts'
import type { Criteria } from '../campaigns/criteria.ts'

export type Disqualified = 'title' | 'country' | 'industry' | 'company_size'

type Judgement = { qualified: true } | { qualified: false; reason: Disqualified; label: string }

export interface Qualifier {
  judge(contact: Contact, criteria: Criteria): Judgement
}

/** Every list that names something must be met; a contact that does not say is not known to meet it. */
export const rulesQualifier: Qualifier = {
  judge(contact, { titles, countries, industries, companySizes = [] }) {
    if (!meets(contact.title, titles, titleFits)) return no('title', 'Title', contact.title)
    if (!meets(contact.country, countries, (country, wanted) => countryOf(country) === countryOf(wanted))) {
      return no('country', 'Country', contact.country)
    }
    if (!meets(contact.industry, industries, (industry, wanted) => hasWords(words(industry), words(wanted)))) {
      return no('industry', 'Industry', contact.industry)
    }
    if (!meets(contact.companySize, companySizes, sizeFits))
      return no('company_size', 'Company size', contact.companySize)
    return { qualified: true }
  },
}

function meets(value: string | undefined, wanted: string[], fits: (value: string, wanted: string) => boolean): boolean {
  return wanted.length === 0 || (value !== undefined && wanted.some((one) => fits(value, one)))
}

function no(reason: Disqualified, name: string, value: string | undefined): Judgement {
  const label = value === undefined ? `${name} not given` : `${name} "${value.slice(0, 80)}" does not match`
  return { qualified: false, reason, label }
}

/** Titles that name the role of someone else, or a role that is over. */
const notTheirs = ['assistant to', 'assistant of', 'office of', 'reports to', 'former', 'ex', 'retired', 'aspiring']

const abbreviations: [string, string][] = [
  ['chief executive officer', 'ceo'],
  ['chief technology officer', 'cto'],
  ['chief operating officer', 'coo'],
  ['chief financial officer', 'cfo'],
  ['chief marketing officer', 'cmo'],
  ['chief revenue officer', 'cro'],
  ['vice president', 'vp'],
  ['managing director', 'md'],
]

function titleFits(title: string, wanted: string): boolean {
  const has = shortened(title)
  return hasWords(has, shortened(wanted)) && !notTheirs.some((phrase) => hasWords(has, phrase))
}

function shortened(title: string): string {
  return abbreviations.reduce((text, [long, short]) => text.replaceAll(long, short), words(title))
}

/** Lower case, no accents, one blank between words. */
function words(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Whole words in a row: "Co-Founder & CEO" has "founder", "Confounder" does not. */
function hasWords(text: string, phrase: string): boolean {
  return phrase !== '' && ` ${text} `.includes(` ${phrase} `)
}

/** The country's code where the name is known in one of these languages, else the name itself. */
function countryOf(name: string): string {
  codes ??= countryCodes(['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'])
  const plain = words(name)
  return codes.get(plain) ?? plain
}

let codes: Map<string, string> | null = null

function countryCodes(languages: string[]): Map<string, string> {
  const found = new Map<string, string>()
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
  for (const language of languages) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
      const name = names.of(code)
      // Some places have an old code beside the present one (UK, DD); both mean the present one.
      const present = name === undefined ? undefined : new Intl.Locale(`und-${code}`).region
      if (name !== undefined && present !== undefined) found.set(words(name), present).set(code.toLowerCase(), present)
    }
  }
  const spoken = { uk: 'GB', 'great britain': 'GB', england: 'GB', scotland: 'GB', wales: 'GB', usa: 'US' } as const
  const also = { 'united states of america': 'US', 'u s': 'US', 'u s a': 'US', america: 'US', holland: 'NL' } as const
  for (const [name, code] of Object.entries({ ...spoken, ...also })) found.set(name, code)
  return found
}

/** The contact's company must lie wholly within the size that is wanted. */
function sizeFits(size: string, wanted: string): boolean {
  const [has, within] = [rangeOf(size), rangeOf(wanted)]
  return has !== null && within !== null && has.from >= within.from && has.to <= within.to
}

/** "37", "11-50", "5,001 – 10,000 employees", "10001+"; null when there is no number. */
function rangeOf(text: string): { from: number; to: number } | null {
  const numbers = text.replace(/(\d)[,.' ](?=\d{3}(?!\d))/g, '$1').match(/\d{1,9}/g)
  const from = Number(numbers?.[0] ?? Number.NaN)
  if (Number.isNaN(from)) return null
  if (/\d\s*\+/.test(text)) return { from, to: Number.POSITIVE_INFINITY }
  return { from, to: Number(numbers?.[1] ?? from) }
}
