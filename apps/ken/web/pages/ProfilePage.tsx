import '../styles/people.css'
import { Page } from '../parts/Page.tsx'
import { NameForm } from '../people/NameForm.tsx'
import { Notifications } from '../people/Notifications.tsx'
import { PasswordForm } from '../people/PasswordForm.tsx'
import { roleNames, useSession } from '../session.ts'

const rights = {
  admin: 'You run campaigns and imports, and you buy credits and manage the plan on the Billing page.',
  editor: 'You run all campaigns and imports of this workspace.',
  member: 'You run your own campaigns and imports.',
  viewer: 'You see campaigns and their results, and start nothing.',
} as const

/** One's own settings. Whoever may not open Billing lands here, and reads whom to ask instead. */
export function ProfilePage() {
  const session = useSession()
  const { user, workspace, role } = session
  return (
    <Page title="Profile">
      {role !== 'admin' && (
        <p className="notice">Need more credits? Ask an Admin. Billing is visible to Admins of the workspace only.</p>
      )}
      <section className="card stack" aria-labelledby="you-title">
        <h2 id="you-title" className="section-title">
          You
        </h2>
        <NameForm key={user.name} session={session} />
        <dl className="facts">
          <dt>Email</dt>
          <dd>{user.email}</dd>
          <dt>Workspace</dt>
          <dd>{workspace.name}</dd>
          <dt>Role</dt>
          <dd>
            {roleNames[role]}
            <p className="quiet">{rights[role]}</p>
          </dd>
        </dl>
      </section>
      <Notifications session={session} />
      <PasswordForm email={user.email} />
    </Page>
  )
}
