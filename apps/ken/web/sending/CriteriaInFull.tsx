import type { Criteria } from '../api.ts'
import { count } from '../numbers.ts'

const shortest = 4

const partsOf = ({ titles, countries, industries, companySizes = [] }: Criteria) =>
  [
    { name: 'job titles', values: titles },
    { name: 'countries', values: countries },
    { name: 'industries', values: industries },
    { name: 'company sizes', values: companySizes },
  ].filter(({ values }) => values.length > 0)

/** Who counts as a lead, in one line; of long lists the beginning. */
export function criteriaInWords(criteria: Criteria): string {
  const parts = partsOf(criteria)
  if (parts.length === 0) return 'Every contact with a verified email address counts as a lead.'
  return `Leads: ${parts.map(({ name, values }) => `${name} ${shortened(values)}`).join(' · ')}`
}

function shortened(values: string[]): string {
  if (values.length <= shortest) return values.join(', ')
  return `${values.slice(0, shortest - 1).join(', ')} and ${count(values.length - shortest + 1)} more`
}

/** All of the criteria, where the line above leaves some out. */
export function CriteriaInFull({ criteria }: { criteria: Criteria }) {
  const parts = partsOf(criteria)
  if (parts.every(({ values }) => values.length <= shortest)) return null
  return (
    <details className="details">
      <summary>Who counts as a lead, in full</summary>
      <dl className="facts criteria">
        {parts.map(({ name, values }) => (
          <div key={name}>
            <dt>{name.charAt(0).toUpperCase() + name.slice(1)}</dt>
            <dd>{values.join(', ')}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
