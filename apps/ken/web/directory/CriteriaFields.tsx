import { useQuery } from '@tanstack/react-query'
import '../styles/directory.css'
import type { Criteria } from '../api.ts'
import { ChoiceField } from './ChoiceField.tsx'
import { directoryQuery } from './queries.ts'

const fields = [
  { name: 'titles', label: 'Job titles', example: 'Founder, CEO' },
  { name: 'countries', label: 'Countries', example: 'Germany, France' },
  { name: 'industries', label: 'Industries', example: 'Software, Marketing' },
  { name: 'companySizes', label: 'Company sizes', example: '11-50, 51-200' },
] as const

export const nobodyAsked: Criteria = { titles: [], countries: [], industries: [], companySizes: [] }

export const sameCriteria = (one: Criteria, other: Criteria): boolean =>
  fields.every(({ name }) => JSON.stringify(one[name] ?? []) === JSON.stringify(other[name] ?? []))

/**
 * Whom a campaign is for: what the Leads Database knows to choose from, with how many there are, or words of one's own. An empty field
 * takes everyone.
 */
export function CriteriaFields({ criteria, onChange }: { criteria: Criteria; onChange: (criteria: Criteria) => void }) {
  const { data } = useQuery(directoryQuery)
  return (
    <div className="field-grid">
      {fields.map(({ name, label, example }) => (
        <ChoiceField
          key={name}
          label={label}
          example={example}
          options={data?.[name] ?? []}
          chosen={criteria[name] ?? []}
          onChange={(values) => onChange({ ...criteria, [name]: values })}
        />
      ))}
    </div>
  )
}

/** "Job titles CEO, Founder · Countries Germany"; null where everyone is asked for. */
export function criteriaInWords(criteria: Criteria): string | null {
  const parts = fields
    .map(({ name, label }) => ({ label, values: criteria[name] ?? [] }))
    .filter(({ values }) => values.length > 0)
  return parts.length === 0 ? null : parts.map(({ label, values }) => `${label}: ${values.join(', ')}`).join(' · ')
}
