import { useId, useRef } from 'react'
import { X } from 'lucide-react'
import type { Criteria } from '../api.ts'
import { count } from '../numbers.ts'
import type { DirectoryOptions } from './directory.ts'

const filters = [
  { name: 'titles', label: 'Job titles', one: 'job title' },
  { name: 'countries', label: 'Countries', one: 'country' },
  { name: 'industries', label: 'Industries', one: 'industry' },
  { name: 'companySizes', label: 'Company sizes', one: 'company size' },
] as const

/** The four filters: what is chosen, each to be taken away again, and one more to choose. An empty one takes everybody. */
export function CriteriaPicker({
  criteria,
  options,
  onChange,
}: {
  criteria: Criteria
  options: DirectoryOptions | undefined
  onChange: ((criteria: Criteria) => void) | null
}) {
  return (
    <div className="build-filters">
      {filters.map(({ name, label, one }) => (
        <Filter
          key={name}
          label={label}
          one={one}
          chosen={criteria[name] ?? []}
          options={options?.[name] ?? []}
          onChange={onChange === null ? null : (values) => onChange({ ...criteria, [name]: values })}
        />
      ))}
    </div>
  )
}

function Filter({
  label,
  one,
  chosen,
  options,
  onChange,
}: {
  label: string
  one: string
  chosen: string[]
  options: DirectoryOptions['titles']
  onChange: ((values: string[]) => void) | null
}) {
  const id = useId()
  const select = useRef<HTMLSelectElement>(null)
  const more = options.filter(({ value }) => !chosen.includes(value))
  return (
    <div className="field" role="group" aria-labelledby={`${id}-label`}>
      <span id={`${id}-label`} className="field-label">
        {label}
      </span>
      {chosen.length === 0 ? (
        <p className="quiet">Any</p>
      ) : (
        <ul className="build-chips">
          {chosen.map((value) => (
            <li key={value} className="build-chip">
              <span className="breakable">{value}</span>
              {onChange !== null && (
                <button
                  type="button"
                  aria-label={`Remove ${value}`}
                  onClick={() => {
                    onChange(chosen.filter((other) => other !== value))
                    select.current?.focus()
                  }}
                >
                  <X size={14} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {onChange !== null && (
        <select
          ref={select}
          className="input"
          aria-label={`Add a ${one}`}
          value=""
          onChange={(event) => event.target.value !== '' && onChange([...chosen, event.target.value])}
        >
          <option value="">Add a {one}</option>
          {more.map(({ value, people }) => (
            <option key={value} value={value}>
              {value} ({count(people)})
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
