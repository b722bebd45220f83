import '../styles/people.css'
import { useRef } from 'react'
import { useQuery } from '@tanstack/react-query'
import { counted } from '../numbers.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { Invitations } from '../people/Invitations.tsx'
import { InviteDialog } from '../people/InviteDialog.tsx'
import { usersQuery } from '../people/queries.ts'
import { Roster } from '../people/Roster.tsx'
import { useSession } from '../session.ts'

/** Who works here. Everyone sees it; Admins invite, change roles and remove. */
export function UsersPage() {
  const session = useSession()
  const { data, error, refetch } = useQuery(usersQuery)
  const roster = useRef<HTMLHeadingElement>(null)
  const invitations = useRef<HTMLHeadingElement>(null)
  const isAdmin = session.role === 'admin'
  return (
    <Page
      title="Users"
      lead={
        isAdmin ? 'Everyone here draws on the same credits.' : 'Admins invite people, change roles and remove them.'
      }
      aside={isAdmin ? <InviteDialog /> : null}
    >
      <section className="stack" aria-labelledby="roster-title">
        <h2 id="roster-title" ref={roster} tabIndex={-1} className="section-title">
          {data === undefined ? 'In this workspace' : `${counted(data.length, 'person', 'people')} in this workspace`}
        </h2>
        {data !== undefined ? (
          <Roster users={data} session={session} heading={roster} />
        ) : error !== null ? (
          <Failure what="The users" error={error} onRetry={refetch} />
        ) : (
          <Loading what="users" rows={4} height={65} />
        )}
      </section>
      {isAdmin && <Invitations heading={invitations} />}
    </Page>
  )
}
