import { Page } from '../parts/Page.tsx'
import { roleNames, useSession } from '../session.ts'

const rights = {
  admin: 'You run campaigns and imports, and you buy credits and manage the plan on the Billing page.',
  editor: 'You run all campaigns and imports of this workspace.',
  member: 'You run your own campaigns and imports.',
  viewer: 'You see campaigns and their results, and start nothing.',
} as const

export function ProfilePage() {
  const { user, workspace, role } = useSession()
  return (
    <Page title="Profile">
      <section className="card">
        <dl className="facts">
          <dt>Name</dt>
          <dd>{user.name}</dd>
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
      {role !== 'admin' && (
        <p className="notice">Need more credits? Ask an Admin. Billing is visible to Admins of the workspace only.</p>
      )}
    </Page>
  )
}
