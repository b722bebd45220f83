import type { Upload } from '../api.ts'
import { criteriaInWords } from '../directory/CriteriaFields.tsx'
import { count, counted } from '../numbers.ts'

/** What a list from the Leads Database holds. */
export function ListSummary({ list }: { list: Upload }) {
  const { rows, usable, criteria } = list
  return (
    <div className="stack">
      <p>
        <strong>Leads Database</strong>: {counted(rows, 'person', 'people')}, {count(usable)} with an email address,{' '}
        {count(rows - usable)} without. <span className="quiet">Sample data: people who do not exist.</span>
      </p>
      <p className="quiet breakable">
        {(criteria === null ? null : criteriaInWords(criteria)) ?? 'Everyone in the Leads Database'}
      </p>
    </div>
  )
}
