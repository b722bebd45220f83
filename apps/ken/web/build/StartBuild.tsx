import { useId, useRef, useState, type FormEvent } from 'react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiProblem } from '../ask.ts'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { queryClient } from '../queries.ts'
import { buildsApi, type Brief } from './api.ts'
import { BlockedNotice } from './BlockedNotice.tsx'
import { briefFields, BriefControl } from './brief.tsx'
import { keepBuild } from './queries.ts'
import { Refusal } from './Refusal.tsx'
import { useAiCredits } from './use-ai-credits.ts'

/** What Ken has to know before it begins, the AI credits left, and the start; without a credit the way to one. */
export function StartBuild() {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const navigate = useNavigate()
  const { left, block, error } = useAiCredits()
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set())
  const start = useMutation({
    mutationFn: ({ name, brief }: { name: string; brief: Brief }) => buildsApi.start(name, brief),
    onSuccess: async (build) => {
      keepBuild(build)
      void queryClient.invalidateQueries({ queryKey: ['builds'] })
      await navigate({ to: '/campaigns/build', search: { build: build.id } })
    },
    onError: () => queryClient.invalidateQueries({ queryKey: ['builds', 'check'] }),
  })
  const refused = start.error instanceof ApiProblem ? start.error.verdict : null
  const blocked = block ?? refused

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const answers = Object.fromEntries(briefFields.map(({ name }) => [name, typed(given, name).trim()]))
    const empty = briefFields.filter(({ name, needed }) => needed !== null && answers[name] === '')
    setMissing(new Set(empty.map(({ name }) => name)))
    if (empty[0] !== undefined) {
      event.currentTarget.querySelector<HTMLElement>(`[name=${empty[0].name}]`)?.focus()
      return
    }
    if (blocked !== null || start.isPending) return
    const { name = '', company = '', website = '', offer = '', audience = '', goal = '' } = answers
    start.mutate({ name, brief: { company, website, offer, audience, goal } })
  }

  return (
    <form ref={form} className="card stack is-loose" onSubmit={submit} noValidate>
      <div className="build-brief">
        {briefFields.map((field) => (
          <Field
            key={field.name}
            label={field.label}
            error={missing.has(field.name) ? field.needed : null}
            {...(field.help !== undefined && { help: field.help })}
          >
            {(control) => <BriefControl field={field} control={control} />}
          </Field>
        ))}
      </div>
      <div className="build-start">
        <div className="build-credits" aria-live="polite">
          {blocked !== null ? (
            <BlockedNotice id={`${id}-block`} verdict={blocked} />
          ) : (
            <p id={`${id}-credits`}>
              <span className="is-strong">
                {left ?? (error === null ? 'Counting AI credits…' : 'AI credits unknown')}
              </span>
              <span className="quiet">
                {error === null
                  ? ' · a build reserves one. It is used when you finish, and returned when you leave it as a draft.'
                  : ` · ${error.message}`}
              </span>
            </p>
          )}
        </div>
        {start.isError && refused === null && <Refusal what="The build was not started." error={start.error} />}
        <div className="build-buttons">
          <button
            type="submit"
            className="button is-primary"
            aria-disabled={blocked !== null || start.isPending}
            aria-describedby={`${id}-${blocked === null ? 'credits' : 'block'}`}
          >
            {start.isPending ? 'Starting…' : 'Start build'}
          </button>
        </div>
      </div>
    </form>
  )
}
