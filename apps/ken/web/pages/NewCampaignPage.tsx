import { useState, type FormEvent } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { FileSpreadsheet } from 'lucide-react'
import { api } from '../api.ts'
import { Field } from '../parts/Field.tsx'
import { Page } from '../parts/Page.tsx'
import { typed } from '../parts/typed.ts'
import { queryClient } from '../queries.ts'
import { mayImport, useSession } from '../session.ts'

const criteria = [
  { name: 'titles', label: 'Job titles', example: 'Founder, CEO, Managing Director' },
  { name: 'countries', label: 'Countries', example: 'Germany, France, United States' },
  { name: 'industries', label: 'Industries', example: 'Software, Marketing' },
  { name: 'companySizes', label: 'Company sizes', example: '11-50, 51-200' },
] as const

export function NewCampaignPage() {
  const { role } = useSession()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [nameless, setNameless] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = typed(form, 'name').trim()
    setNameless(name === '')
    if (name === '') {
      event.currentTarget.querySelector<HTMLInputElement>('[name=name]')?.focus()
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      const made = await api.createCampaign(name, {
        titles: listed(typed(form, 'titles')),
        countries: listed(typed(form, 'countries')),
        industries: listed(typed(form, 'industries')),
        companySizes: listed(typed(form, 'companySizes')),
      })
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] })
      await navigate({ to: '/campaigns/$campaignId', params: { campaignId: made.id } })
    } catch (error) {
      setProblem((error as Error).message)
      setBusy(false)
    }
  }

  if (!mayImport(role)) {
    return (
      <Page title="New campaign">
        <p className="notice">Your role is View only. Ask an Admin to change it if you need to create campaigns.</p>
      </Page>
    )
  }

  return (
    <Page title="New campaign">
      <form className="stack is-loose" onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && (
          <p className="notice is-danger" role="alert">
            {problem}
          </p>
        )}
        <section className="card stack">
          <Field label="Campaign name" error={nameless ? 'Give the campaign a name to find it again.' : null}>
            {(control) => (
              <input
                {...control}
                className="input"
                name="name"
                maxLength={100}
                placeholder="Q4 founders"
                autoComplete="off"
              />
            )}
          </Field>
        </section>

        <section className="card stack" aria-labelledby="criteria-title">
          <div>
            <h2 id="criteria-title" className="section-title">
              Who counts as a lead
            </h2>
            <p className="quiet">
              A contact becomes a lead when it fits what you say here and its email address is verified. Separate
              several with commas; an empty field accepts everyone.
            </p>
          </div>
          <div className="field-grid">
            {criteria.map((criterion) => (
              <Field key={criterion.name} label={criterion.label} help={`For example: ${criterion.example}`}>
                {(control) => <input {...control} className="input" name={criterion.name} autoComplete="off" />}
              </Field>
            ))}
          </div>
        </section>

        <section className="card stack" aria-labelledby="source-title">
          <h2 id="source-title" className="section-title">
            Choose Data Source
          </h2>
          <div className="source">
            <FileSpreadsheet size={20} aria-hidden />
            <div>
              <p className="is-strong">CSV Upload</p>
              <p className="quiet">Your own list: one row per contact, up to 10 MB and 50,000 rows.</p>
            </div>
            <button type="submit" className="button is-primary" disabled={busy}>
              Continue with CSV Upload
            </button>
          </div>
        </section>
      </form>
    </Page>
  )
}

function listed(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
