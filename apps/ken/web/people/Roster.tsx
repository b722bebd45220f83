import { useId, type RefObject } from 'react'
import { toast } from 'sonner'
import type { Session } from '../api.ts'
import { Badge } from '../parts/Badge.tsx'
import { queryClient } from '../queries.ts'
import { roleNames } from '../session.ts'
import { people, type User } from './api.ts'
import { Confirm } from './Confirm.tsx'
import { EditRole } from './EditRole.tsx'
import { startApp } from './enter.ts'
import { usersQuery } from './queries.ts'

interface Props {
  users: User[]
  session: Session
  /** Has the focus when the row it was in is gone. */
  heading: RefObject<HTMLElement | null>
}

/** Everyone of the workspace. Admins change it; everybody can go by themselves. */
export function Roster({ users, session, heading }: Props) {
  const admins = users.filter(({ role }) => role === 'admin').length
  const isAdmin = session.role === 'admin'
  return (
    <ul className={isAdmin ? 'people' : 'people is-read-only'}>
      {users.map((user) => (
        <Row
          key={user.id}
          user={user}
          isAdmin={isAdmin}
          isLastAdmin={user.role === 'admin' && admins === 1}
          session={session}
          heading={heading}
        />
      ))}
    </ul>
  )
}

function Row({
  user,
  isAdmin,
  isLastAdmin,
  session,
  heading,
}: Omit<Props, 'users'> & { user: User; isAdmin: boolean; isLastAdmin: boolean }) {
  const id = useId()
  const [who, why] = [`${id}-who`, `${id}-why`]
  const describedBy = isLastAdmin ? `${who} ${why}` : who
  return (
    <li>
      <div>
        <p id={who} className="person-name">
          {user.name}
          {user.you && <Badge tone="accent">You</Badge>}
        </p>
        <p className="person-more">{user.email}</p>
      </div>
      <span>{roleNames[user.role]}</span>
      {(isAdmin || user.you) && (
        <div className="person-actions">
          {isAdmin && <EditRole user={user} describedBy={describedBy} disabled={isLastAdmin} />}
          {user.you ? (
            <Leave session={session} describedBy={describedBy} disabled={isLastAdmin} heading={heading} />
          ) : (
            <Remove user={user} describedBy={describedBy} heading={heading} />
          )}
        </div>
      )}
      {isLastAdmin && isAdmin && (
        <p id={why} className="person-why">
          The last Admin keeps the role and stays. Make somebody else an Admin first.
        </p>
      )}
    </li>
  )
}

type Act = { describedBy: string; heading: Props['heading'] }

function Remove({ user, describedBy, heading }: Act & { user: User }) {
  const remove = async () => {
    await people.removeUser(user.id)
    await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey })
    toast.success(`${user.name} is no longer in this workspace.`)
  }
  return (
    <Confirm
      label="Remove"
      title={`Remove ${user.name}?`}
      keep="Keep"
      describedBy={describedBy}
      onConfirm={remove}
      then={heading}
    >
      {user.name} loses access at once. Campaigns and what they have counted stay with the workspace; invitations this
      person sent as an Admin are revoked.
    </Confirm>
  )
}

function Leave({ session, describedBy, disabled, heading }: Act & { session: Session; disabled: boolean }) {
  const { workspace, workspaces } = session
  const leave = async () => {
    await people.leave(workspace.id)
    startApp(workspaces.find(({ id }) => id !== workspace.id)?.id ?? null)
  }
  return (
    <Confirm
      label="Leave"
      title={`Leave ${workspace.name}?`}
      keep="Stay"
      describedBy={describedBy}
      disabled={disabled}
      onConfirm={leave}
      then={heading}
    >
      You lose access at once, and only an Admin can invite you again. Your campaigns stay with the workspace.
    </Confirm>
  )
}
