import { useState, type FormEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, type Role } from '../api.ts'
import { Field } from '../parts/Field.tsx'
import { typed } from '../parts/typed.ts'
import { startAppAt } from '../people/enter.ts'
import { LonePage } from '../people/LonePage.tsx'
import { NoWorkspace } from '../people/NoWorkspace.tsx'
import { sessionQuery } from '../queries.ts'
import { roleNames } from '../session.ts'

const route = getRouteApi('/login')
const demoRoles: Role[] = ['admin', 'editor', 'member', 'viewer']

export function LoginPage() {
  const { next } = route.useSearch()
  const { data } = useQuery(sessionQuery)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const enter = async (signIn: () => Promise<unknown>) => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      await signIn()
      startAppAt(next ?? '/campaigns')
    } catch (error) {
      setProblem((error as Error).message)
      setBusy(false)
    }
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter(() => api.login(typed(form, 'email'), typed(form, 'password')))
  }

  if (data?.stranger) return <NoWorkspace person={data.stranger} />
  return (
    <LonePage title="Sign in">
      {problem !== null && (
        <p className="notice is-danger" role="alert">
          {problem}
        </p>
      )}
      <form className="stack" onSubmit={submit}>
        <Field label="Email">
          {(control) => (
            <input {...control} className="input" name="email" type="email" autoComplete="username" required />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <input
              {...control}
              className="input"
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          )}
        </Field>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Sign in
        </button>
      </form>
      <p className="login-ways">
        <Link to="/signup" className="link">
          Sign up
        </Link>
        <Link to="/forgot" className="link">
          Forgot your password?
        </Link>
      </p>
      {data?.demo === true && (
        <section className="demo" aria-labelledby="demo-title">
          <h2 id="demo-title" className="section-title">
            Or look around as a demo user
          </h2>
          <p className="quiet">Each role sees and may do something else; the workspace is the same.</p>
          <div className="demo-roles">
            {demoRoles.map((role) => (
              <button
                key={role}
                type="button"
                className="button"
                aria-disabled={busy}
                onClick={() => void enter(() => api.demoLogin(role))}
              >
                {roleNames[role]}
              </button>
            ))}
          </div>
        </section>
      )}
    </LonePage>
  )
}
