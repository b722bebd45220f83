import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ApiProblem } from '../ask.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { typed } from '../parts/typed.ts'
import { people } from '../people/api.ts'
import { LonePage } from '../people/LonePage.tsx'
import { NewPasswordField, RefusalNotice } from '../people/PersonFields.tsx'
import { resetQuery } from '../people/queries.ts'
import { useSubmit } from '../people/use-submit.ts'
import { queryClient } from '../queries.ts'

const route = getRouteApi('/reset/$token')

/** Where the link of a password mail leads. */
export function ResetPage() {
  const { token } = route.useParams()
  const { data, error, refetch } = useQuery(resetQuery(token))
  const [isDone, setIsDone] = useState(false)
  const title = isDone ? 'Your password is changed' : 'Choose a new password'
  return (
    <LonePage title={title}>
      {isDone ? (
        <>
          <p role="status">Every session of yours has ended. Sign in with the new password.</p>
          <Link to="/login" className="button is-primary">
            Sign in
          </Link>
        </>
      ) : data !== undefined ? (
        <NewPassword token={token} email={data.email} onDone={() => setIsDone(true)} />
      ) : error === null ? (
        <Loading what="the link" rows={3} />
      ) : error instanceof ApiProblem && error.status === 409 ? (
        <>
          <p>{error.message}</p>
          <Link to="/forgot" className="button is-primary">
            Send a new link
          </Link>
        </>
      ) : (
        <Failure what="The link" error={error} onRetry={refetch} />
      )}
    </LonePage>
  )
}

function NewPassword({ token, email, onDone }: { token: string; email: string; onDone: () => void }) {
  const { busy, refusal, submit } = useSubmit(async (form) => {
    await people.reset(token, typed(form, 'password'))
    // Whoever was signed in here is not any more.
    queryClient.clear()
    onDone()
  })
  return (
    <>
      <p className="breakable">For {email}. Everybody who is signed in as you has to sign in again.</p>
      <RefusalNotice refusal={refusal?.fieldError('password') ? null : refusal} />
      <form className="stack" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <NewPasswordField refusal={refusal} label="New password" />
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Set password
        </button>
      </form>
    </>
  )
}
