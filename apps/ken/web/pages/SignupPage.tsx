import { Link } from '@tanstack/react-router'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { people } from '../people/api.ts'
import { startApp } from '../people/enter.ts'
import { LonePage } from '../people/LonePage.tsx'
import { EmailField, NameField, NewPasswordField, RefusalNotice } from '../people/PersonFields.tsx'
import { useSubmit } from '../people/use-submit.ts'

/** A new person with a workspace of their own, on the Free plan. */
export function SignupPage() {
  const { busy, refusal, submit } = useSubmit(async (form) => {
    await people.signUp({
      name: typed(form, 'name'),
      email: typed(form, 'email'),
      password: typed(form, 'password'),
      workspace: typed(form, 'workspace'),
    })
    startApp(null)
  })
  return (
    <LonePage title="Sign up">
      <p className="quiet">Your workspace begins on the Free plan: no payment needed. You can invite others to it.</p>
      <RefusalNotice refusal={refusal} />
      <form className="stack" onSubmit={submit}>
        <NameField refusal={refusal} />
        <EmailField refusal={refusal} />
        <NewPasswordField refusal={refusal} />
        <Field label="Workspace name" help="Usually your company’s." error={refusal?.fieldError('workspace') ?? null}>
          {(control) => (
            <input
              {...control}
              className="input"
              name="workspace"
              autoComplete="organization"
              maxLength={100}
              required
            />
          )}
        </Field>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Sign up
        </button>
      </form>
      <p>
        You have an account?{' '}
        <Link to="/login" className="link">
          Sign in
        </Link>
      </p>
    </LonePage>
  )
}
