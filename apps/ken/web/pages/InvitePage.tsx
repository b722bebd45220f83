import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../api.ts'
import { ApiProblem } from '../ask.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { typed } from '../parts/typed.ts'
import { people, type Invite } from '../people/api.ts'
import { startApp } from '../people/enter.ts'
import { LonePage } from '../people/LonePage.tsx'
import { NameField, NewPasswordField, RefusalNotice } from '../people/PersonFields.tsx'
import { inviteQuery } from '../people/queries.ts'
import { roleRights } from '../people/roles.ts'
import { useSubmit } from '../people/use-submit.ts'
import { queryClient } from '../queries.ts'
import { roleNames } from '../session.ts'

const route = getRouteApi('/invite/$token')

/** Where the link of an invitation leads: who invites to what, and the way in for whoever opens it. */
export function InvitePage() {
  const { token } = route.useParams()
  const { data, error, refetch } = useQuery(inviteQuery(token))
  if (data !== undefined) {
    return data.state === 'open' ? <Open token={token} invite={data} /> : <Closed invite={data} />
  }
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <LonePage title="This link does not work">
        <p>
          The link may be incomplete, or a newer invitation has replaced it. Look for the latest mail, or ask an Admin.
        </p>
        <SignIn />
      </LonePage>
    )
  }
  return (
    <LonePage title="Invitation">
      {error === null ? (
        <Loading what="the invitation" rows={4} />
      ) : (
        <Failure what="The invitation" error={error} onRetry={refetch} />
      )}
    </LonePage>
  )
}

const endings = {
  accepted: {
    title: 'This invitation has been used',
    words: 'Whoever accepted it signs in with their email and password.',
  },
  revoked: {
    title: 'This invitation was revoked',
    words: 'Ask an Admin of the workspace if you think that is a mistake.',
  },
  expired: {
    title: 'This invitation has expired',
    words: 'Invitations are good for seven days. Ask an Admin of the workspace to send it again.',
  },
} as const

function Closed({ invite: { state, workspace } }: { invite: Invite }) {
  if (state === 'open') return null
  return (
    <LonePage title={endings[state].title}>
      <p className="breakable">
        It was for {workspace.name}. {endings[state].words}
      </p>
      <SignIn />
    </LonePage>
  )
}

const SignIn = () => (
  <Link to="/login" className="button">
    Go to sign in
  </Link>
)

function Open({ token, invite }: { token: string; invite: Invite }) {
  const { workspace, invitedBy, role, email, signedIn, hasAccount } = invite
  return (
    <LonePage title={`Join ${workspace.name}`}>
      <div className="stack">
        <p className="breakable">
          {invitedBy} invites {email} to {workspace.name} as <strong>{roleNames[role]}</strong>.
        </p>
        <p className="quiet">{roleRights[role]}</p>
      </div>
      {signedIn !== null ? (
        signedIn.matches ? (
          <Accept token={token} />
        ) : (
          <WrongPerson signedInAs={signedIn.email} email={email} />
        )
      ) : hasAccount ? (
        <div className="stack">
          <p className="breakable">{email} has an account. Sign in with it to accept.</p>
          <Link to="/login" search={{ next: `/invite/${token}` }} className="button is-primary">
            Sign in to accept
          </Link>
        </div>
      ) : (
        <NewPerson token={token} email={email} />
      )}
    </LonePage>
  )
}

function Accept({ token }: { token: string }) {
  const { busy, refusal, submit } = useSubmit(async () => startApp((await people.accept(token, null)).workspace.id))
  return (
    <>
      <RefusalNotice refusal={refusal} />
      <form onSubmit={submit}>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Accept invitation
        </button>
      </form>
    </>
  )
}

function WrongPerson({ signedInAs, email }: { signedInAs: string; email: string }) {
  const { busy, refusal, submit } = useSubmit(async () => {
    await api.logout()
    queryClient.clear()
    window.location.reload()
  })
  return (
    <>
      <RefusalNotice refusal={refusal} />
      <p className="notice is-warn breakable">
        You are signed in as {signedInAs}, and this invitation is for {email}. Sign out to go on with that address.
      </p>
      <form onSubmit={submit}>
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Sign out
        </button>
      </form>
    </>
  )
}

function NewPerson({ token, email }: { token: string; email: string }) {
  const { busy, refusal, submit } = useSubmit(async (form) => {
    const person = { name: typed(form, 'name'), password: typed(form, 'password') }
    startApp((await people.accept(token, person)).workspace.id)
  })
  return (
    <>
      <RefusalNotice refusal={refusal} />
      <form className="stack" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <NameField refusal={refusal} />
        <NewPasswordField refusal={refusal} label="Choose a password" />
        <button type="submit" className="button is-primary" aria-disabled={busy}>
          Accept invitation
        </button>
      </form>
    </>
  )
}
