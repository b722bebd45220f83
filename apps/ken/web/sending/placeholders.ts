/** What stands in a mail for what is known of its recipient, shown as that recipient will read it (the server's rule: sending/campaign-mail.ts). */

export interface Person {
  name: string | null
  company: string | null
  title: string | null
  country: string | null
}

/** Those offered by a button. */
export const placeholders = [
  { token: '{{firstName}}', label: 'First name' },
  { token: '{{company}}', label: 'Company' },
  { token: '{{title}}', label: 'Job title' },
  { token: '{{country}}', label: 'Country' },
] as const

/** Shown where no contact counts yet. */
export const samplePerson: Person = {
  name: 'Alex Sample',
  company: 'Sample & Sons',
  title: 'Managing Director',
  country: 'Netherlands',
}

interface PlaceholderField {
  label: string
  of: (person: Person) => string | null | undefined
  otherwise: string
}

const known: Record<string, PlaceholderField> = {
  firstname: {
    label: 'First name',
    of: ({ name }) => words(name).find((word) => !word.endsWith('.')),
    otherwise: 'there',
  },
  lastname: {
    label: 'Last name',
    of: ({ name }) => (words(name).length > 1 ? words(name).at(-1) : null),
    otherwise: '',
  },
  name: { label: 'Name', of: ({ name }) => name, otherwise: 'there' },
  company: { label: 'Company', of: ({ company }) => company, otherwise: 'your company' },
  title: { label: 'Job title', of: ({ title }) => title, otherwise: 'your role' },
  country: { label: 'Country', of: ({ country }) => country, otherwise: 'your country' },
  // A list of contacts does not say it.
  industry: { label: 'Industry', of: () => null, otherwise: 'your industry' },
}

const pattern = /\{\{([^{}]{0,60})\}\}/g
const words = (name: string | null) => (name ?? '').split(' ').filter((word) => word !== '')
const fieldOf = (name: string) => known[name.toLowerCase().replaceAll(/[\s_-]/g, '')]

/** The text with every placeholder filled in. One that stands for nothing goes, as nobody is to read braces. */
export function filledIn(text: string, person: Person): string {
  return text.replaceAll(pattern, (_all, name: string) => {
    const field = fieldOf(name)
    return field ? field.of(person)?.trim() || field.otherwise : ''
  })
}

/** The text for nobody in particular: "[Company]" where a recipient's company will stand. One that stands for nothing goes, as in the mail. */
export function withLabels(text: string): string {
  return text.replaceAll(pattern, (_all, name: string) => {
    const field = fieldOf(name)
    return field ? `[${field.label}]` : ''
  })
}

/** What stands in double braces and for nothing. */
export function unknownPlaceholders(text: string): string[] {
  const found = [...text.matchAll(pattern)].filter(([, name]) => fieldOf(name ?? '') === undefined)
  return [...new Set(found.map(([token]) => token))]
}
