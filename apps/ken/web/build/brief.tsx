import type { Brief } from './api.ts'

export interface BriefField {
  name: 'name' | keyof Brief
  label: string
  /** What is said when it is left empty; null when it may be. */
  needed: string | null
  help?: string
  placeholder: string
  lines?: number
  most: number
}

/** What Ken asks before it begins, in the order of the form. */
export const briefFields: readonly BriefField[] = [
  {
    name: 'name',
    label: 'Campaign name',
    needed: 'Give the campaign a name to find it again.',
    placeholder: 'Spring founders',
    most: 100,
  },
  {
    name: 'company',
    label: 'Your company',
    needed: 'Say for whom Ken writes.',
    placeholder: 'Northwind Analytics',
    most: 120,
  },
  {
    name: 'website',
    label: 'Website (optional)',
    needed: null,
    placeholder: 'https://northwind.example',
    most: 200,
  },
  {
    name: 'offer',
    label: 'What do you offer?',
    needed: 'Say in a sentence what you offer: everything Ken proposes follows from it.',
    placeholder: 'Forecasts that tell finance teams three weeks ahead when cash runs short.',
    lines: 3,
    most: 2_000,
  },
  {
    name: 'audience',
    label: 'Who is it for? (optional)',
    needed: null,
    placeholder: 'Founders and finance leads of software companies in Germany and France, 11 to 200 people',
    lines: 3,
    most: 2_000,
  },
  {
    name: 'goal',
    label: 'What should the campaign achieve? (optional)',
    needed: null,
    placeholder: 'Twenty demo calls before the end of the quarter',
    lines: 2,
    most: 1_000,
  },
]

/** A line or a few, to type the answer. */
export function BriefControl({
  field: { name, placeholder, lines, most },
  control,
}: {
  field: BriefField
  control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
}) {
  const common = { ...control, className: 'input', name, placeholder, maxLength: most }
  return lines === undefined ? (
    <input {...common} autoComplete="off" inputMode={name === 'website' ? 'url' : 'text'} />
  ) : (
    <textarea {...common} rows={lines} />
  )
}
