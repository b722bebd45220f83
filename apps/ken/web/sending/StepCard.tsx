import { useRef, type RefObject } from 'react'
import { NumberField } from '@base-ui/react/number-field'
import { Trash2 } from 'lucide-react'
import { Field } from '../parts/Field.tsx'
import { placeholders, unknownPlaceholders, type Person } from './placeholders.ts'
import type { DraftStep, StepFaults } from './sequence-draft.ts'
import { StepPreview } from './StepPreview.tsx'

type Writable = HTMLInputElement | HTMLTextAreaElement

/** One mail of the sequence: when, what about, what it says; beside it the same mail as a recipient reads it. */
export function StepCard({
  step,
  number,
  faults,
  person,
  onChange,
  onRemove,
}: {
  step: DraftStep
  number: number
  /** Shown under the fields; null while nothing has been asked to be saved. */
  faults: StepFaults | null
  person: Person
  onChange: (changed: Partial<DraftStep>) => void
  onRemove: (() => void) | null
}) {
  const subject = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTextAreaElement>(null)
  const unknown = unknownPlaceholders(`${step.subject} ${step.body}`)
  const title = `step-${step.key}`

  return (
    <section className="card stack" aria-labelledby={title}>
      <div className="card-top">
        <h2 id={title} tabIndex={-1} className="card-title">
          Mail {number}
        </h2>
        {onRemove !== null && (
          <button type="button" className="button is-small is-quiet" onClick={onRemove}>
            <Trash2 size={16} aria-hidden />
            Remove mail {number}
          </button>
        )}
      </div>
      <div className="step">
        <div className="stack">
          {number === 1 ? (
            <p className="quiet">Goes out as soon as the schedule allows.</p>
          ) : (
            <WaitDays step={step} number={number} fault={faults?.waitDays ?? null} onChange={onChange} />
          )}
          <Field label="Subject" error={faults?.subject ?? null}>
            {(control) => (
              <input
                {...control}
                ref={subject}
                className="input"
                value={step.subject}
                autoComplete="off"
                onChange={(event) => onChange({ subject: event.target.value })}
              />
            )}
          </Field>
          <Field label="Text" error={faults?.body ?? null}>
            {(control) => (
              <textarea
                {...control}
                ref={body}
                className="input step-body"
                rows={9}
                value={step.body}
                onChange={(event) => onChange({ body: event.target.value })}
              />
            )}
          </Field>
          <Insert into={{ subject, body }} onInsert={onChange} number={number} />
          {unknown.length > 0 && (
            <p className="notice is-warn breakable">
              Ken fills in no {unknown.join(', ')}: what it cannot fill in is left out of the mail.
            </p>
          )}
        </div>
        <div className="step-preview" role="group" aria-label={`Preview of mail ${number}`}>
          <StepPreview subject={step.subject} body={step.body} person={person} />
        </div>
      </div>
    </section>
  )
}

function WaitDays({
  step,
  number,
  fault,
  onChange,
}: {
  step: DraftStep
  number: number
  fault: string | null
  onChange: (changed: Partial<DraftStep>) => void
}) {
  return (
    <Field label={`Days after mail ${number - 1}`} help="1 to 30 days." error={fault}>
      {(control) => (
        <NumberField.Root
          id={control.id}
          value={step.waitDays}
          onValueChange={(waitDays) => onChange({ waitDays })}
          className="step-wait"
        >
          <NumberField.Input
            className="input"
            aria-describedby={control['aria-describedby']}
            aria-invalid={control['aria-invalid']}
          />
        </NumberField.Root>
      )}
    </Field>
  )
}

/** Puts a placeholder where the cursor stands, in the subject when that was last written in, else in the text. */
function Insert({
  into,
  onInsert,
  number,
}: {
  into: { subject: RefObject<HTMLInputElement | null>; body: RefObject<HTMLTextAreaElement | null> }
  onInsert: (changed: Partial<DraftStep>) => void
  number: number
}) {
  const insert = (token: string, focused: Element | null) => {
    const isSubject = focused === into.subject.current
    const field: Writable | null = isSubject ? into.subject.current : into.body.current
    if (field === null) return
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length]
    const text = field.value.slice(0, from) + token + field.value.slice(to)
    onInsert(isSubject ? { subject: text } : { body: text })
    requestAnimationFrame(() => {
      field.focus()
      field.setSelectionRange(from + token.length, from + token.length)
    })
  }
  return (
    <div className="insert" role="group" aria-label={`Insert into mail ${number}`}>
      <span className="quiet">Insert</span>
      {placeholders.map(({ token, label }) => (
        <button
          key={token}
          type="button"
          className="button is-small"
          // The cursor stays where it is when the button is pressed with the mouse.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => insert(token, document.activeElement)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
