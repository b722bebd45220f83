import { useRef } from 'react'
import { toast } from 'sonner'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { people } from './api.ts'
import { NewPasswordField, RefusalNotice } from './PersonFields.tsx'
import { useSubmit } from './use-submit.ts'

export function PasswordForm({ email }: { email: string }) {
  const form = useRef<HTMLFormElement>(null)
  const { busy, refusal, submit } = useSubmit(async (data) => {
    await people.changePassword(typed(data, 'current'), typed(data, 'next'))
    form.current?.reset()
    toast.success('Your password is changed. Your other sessions have ended.')
  })
  const wrong = refusal?.fieldError('current') ?? null
  return (
    <section className="card stack" aria-labelledby="password-title">
      <h2 id="password-title" className="section-title">
        Password
      </h2>
      <p className="quiet">You stay signed in here; every other session of yours ends.</p>
      <RefusalNotice refusal={(wrong ?? refusal?.fieldError('next')) ? null : refusal} />
      <form ref={form} className="stack" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field label="Current password" error={wrong}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="current"
              type="password"
              autoComplete="current-password"
              maxLength={200}
              required
            />
          )}
        </Field>
        <NewPasswordField refusal={refusal} label="New password" name="next" />
        <div className="form-actions">
          <button type="submit" className="button" aria-disabled={busy}>
            Change password
          </button>
        </div>
      </form>
    </section>
  )
}
