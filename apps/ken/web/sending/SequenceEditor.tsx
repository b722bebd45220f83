import { useEffect, useRef, useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import { Plus } from 'lucide-react'
import { queryClient } from '../queries.ts'
import { sendingApi, type Sequence } from './api.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { PersonChoice, personOf, usePeople } from './PersonChoice.tsx'
import { sequenceQuery } from './queries.ts'
import {
  draftOf,
  faultsOf,
  isFaulty,
  isSame,
  mostSteps,
  stepsOf,
  withoutStep,
  withStep,
  type DraftStep,
} from './sequence-draft.ts'
import { StepCard } from './StepCard.tsx'

/**
 * Writes a sequence. `begun`: what it starts from where nothing is saved yet. What somebody has typed stays until it is saved or
 * discarded, also when another person saves meanwhile.
 */
export function SequenceEditor({
  campaignId,
  sequence,
  begun,
  onDiscard,
}: {
  campaignId: string
  sequence: Sequence
  begun: DraftStep[] | null
  onDiscard: () => void
}) {
  const [edited, setEdited] = useState<DraftStep[] | null>(begun)
  const [checked, setChecked] = useState(false)
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const people = usePeople(campaignId)
  const steps = edited ?? draftOf(sequence.steps)
  const dirty = edited !== null && !isSame(edited, sequence.steps)

  const save = useMutation({
    mutationFn: (draft: DraftStep[]) => sendingApi.saveSequence(campaignId, stepsOf(draft)),
    onSuccess: (saved) => {
      queryClient.setQueryData(sequenceQuery(campaignId).queryKey, saved)
      setEdited(null)
      setChecked(false)
      toast.success('Sequence saved.')
      void queryClient.invalidateQueries({ queryKey: ['campaign', campaignId] })
    },
  })

  // The button it was begun with is gone: writing goes on in the first subject.
  useEffect(() => {
    if (begun !== null) list.current?.querySelector('input')?.focus()
  }, [begun])

  const submit = () => {
    if (save.isPending) return
    setChecked(true)
    if (isFaulty(steps)) {
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    save.mutate(steps)
  }

  const focusOn = (find: (cards: HTMLElement[]) => HTMLElement | undefined) =>
    requestAnimationFrame(() => find([...(list.current?.querySelectorAll<HTMLElement>('.card') ?? [])])?.focus())

  const add = () => {
    setEdited(withStep(steps))
    focusOn((cards) => cards.at(-1)?.querySelector<HTMLElement>('input') ?? undefined)
  }

  const drop = (key: number) => {
    const index = steps.findIndex((step) => step.key === key)
    setEdited(withoutStep(steps, key))
    // The button that had the focus is gone: reading goes on at the mail before it.
    focusOn((cards) => cards[Math.max(0, index - 1)]?.querySelector<HTMLElement>('h2') ?? undefined)
  }

  return (
    <div className="stack is-loose">
      <LeaveGuard dirty={dirty} what="the sequence" />
      <PersonChoice people={people} chosen={chosen} onChoose={setChosen} />
      <div ref={list} className="stack">
        {steps.map((step, index) => (
          <StepCard
            key={step.key}
            step={step}
            number={index + 1}
            faults={checked ? faultsOf(step, index) : null}
            person={personOf(people, chosen)}
            onChange={(changed) =>
              setEdited(steps.map((other) => (other.key === step.key ? { ...other, ...changed } : other)))
            }
            onRemove={steps.length > 1 ? () => drop(step.key) : null}
          />
        ))}
      </div>
      {save.isError && (
        <p className="notice is-danger breakable" role="alert">
          The sequence was not saved. {save.error.message}
        </p>
      )}
      <div className="save-bar">
        {steps.length < mostSteps ? (
          <button type="button" className="button" onClick={add}>
            <Plus size={16} aria-hidden />
            Add a mail
          </button>
        ) : (
          <p className="quiet wide-only">A sequence has at most {mostSteps} mails.</p>
        )}
        <div className="save-actions">
          {dirty && <p className="quiet wide-only">Not saved yet</p>}
          {dirty && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setEdited(null)
                setChecked(false)
                save.reset()
                onDiscard()
              }}
            >
              Discard changes
            </button>
          )}
          <button
            type="button"
            className="button is-primary"
            aria-disabled={!dirty || save.isPending}
            onClick={() => dirty && submit()}
          >
            Save sequence
          </button>
        </div>
      </div>
    </div>
  )
}
