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

const known: Record<string, { of: (person: Person) => string | null | undefined; otherwise: string }> = {
  firstname: { of: ({ name }) => words(name).find((word) => !word.endsWith('.')), otherwise: 'there' },
  lastname: { of: ({ name }) => (words(name).length > 1 ? words(name).at(-1) : null), otherwise: '' },
  name: { of: ({ name }) => name, otherwise: 'there' },
  company: { of: ({ company }) => company, otherwise: 'your company' },
  title: { of: ({ title }) => title, otherwise: 'your role' },
  country: { of: ({ country }) => country, otherwise: 'your country' },
  // A list of contacts does not say it.
  industry: { of: () => null, otherwise: 'your industry' },
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

/** What stands in double braces and for nothing. */
export function unknownPlaceholders(text: string): string[] {
  const found = [...text.matchAll(pattern)].filter(([, name]) => fieldOf(name ?? '') === undefined)
  return [...new Set(found.map(([token]) => token))]
}
