import { useRef, useState, type FormEvent } from 'react'
import type { Criteria } from '../api.ts'
import { CriteriaFields } from '../directory/CriteriaFields.tsx'
import { Field } from '../parts/Field.tsx'
import { StepCard } from './StepCard.tsx'

/** What the campaign is called, and who counts as a lead. */
export function CriteriaStep({
  name,
  criteria,
  onName,
  onCriteria,
  onNext,
}: {
  name: string
  criteria: Criteria
  onName: (name: string) => void
  onCriteria: (criteria: Criteria) => void
  onNext: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [nameless, setNameless] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setNameless(name.trim() === '')
    if (name.trim() === '') input.current?.focus()
    else onNext()
  }

  return (
    <StepCard title="Name and criteria">
      <form className="stack is-loose" noValidate onSubmit={submit}>
        <Field label="Campaign name" error={nameless ? 'Give the campaign a name to find it again.' : null}>
          {(control) => (
            <input
              {...control}
              ref={input}
              className="input"
              maxLength={100}
              placeholder="Q4 founders"
              autoComplete="off"
              value={name}
              onChange={(event) => {
                onName(event.target.value)
                setNameless(false)
              }}
            />
          )}
        </Field>
        <div className="stack">
          <div>
            <h3 className="small-title">Who counts as a lead</h3>
            <p className="quiet">
              A contact becomes a lead when it fits what you say here and its email address is verified. An empty field
              accepts everyone. Choose from the list or type words of your own.
            </p>
          </div>
          <CriteriaFields criteria={criteria} onChange={onCriteria} />
        </div>
        <div className="import-actions">
          <button type="submit" className="button is-primary">
            Continue
          </button>
        </div>
      </form>
    </StepCard>
  )
}
