import { useState } from 'react'
import type { SequenceStep } from '../sending/api.ts'
import { placeholders, samplePerson, type Person } from '../sending/placeholders.ts'
import { draftOf, faultsOf, isFaulty, stepsOf, type DraftStep } from '../sending/sequence-draft.ts'
import { StepCard } from '../sending/StepCard.tsx'
import { StepPreview } from '../sending/StepPreview.tsx'
import { counted } from '../numbers.ts'
import '../styles/sending.css'
import type { Edits } from './use-edits.ts'

/** The four mails, each beside what a person of the sample would read. */
export function EmailCopyStep({
  sequence,
  person,
  edits,
}: {
  sequence: SequenceStep[]
  person: Person | null
  edits: Edits | null
}) {
  const [steps, setSteps] = useState(() => draftOf(sequence))
  const reader = person ?? samplePerson

  const change = (key: number, changed: Partial<DraftStep>) => {
    const now = steps.map((step) => (step.key === key ? { ...step, ...changed } : step))
    setSteps(now)
    edits?.edit('sequence', stepsOf(now), isFaulty(now) ? 'A mail is not complete: see what is marked.' : null)
  }

  return (
    <div className="stack">
      <p className="quiet">
        {list.format(placeholders.map(({ token }) => token))} stand for what Ken knows of each person; the previews show
        them for {reader.name}.
      </p>
      {steps.map((step, index) =>
        edits === null ? (
          <section key={step.key} className="stack build-mail" aria-labelledby={`mail-${step.key}`}>
            <h3 id={`mail-${step.key}`} className="small-title">
              Mail {index + 1}
              <span className="quiet">
                {index === 0 ? ' · first' : ` · ${counted(step.waitDays ?? 0, 'day')} after mail ${index}`}
              </span>
            </h3>
            <StepPreview subject={step.subject} body={step.body} person={reader} />
          </section>
        ) : (
          <StepCard
            key={step.key}
            step={step}
            number={index + 1}
            faults={faultsOf(step, index)}
            person={reader}
            onChange={(changed) => change(step.key, changed)}
            onRemove={null}
          />
        ),
      )}
    </div>
  )
}

const list = new Intl.ListFormat('en-US')
