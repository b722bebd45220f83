import type { Session } from '../api.ts'
import { Account } from './Account.tsx'
import { Brand } from './Brand.tsx'
import { Navigation } from './Navigation.tsx'
import { WorkspaceSwitch } from './WorkspaceSwitch.tsx'

const several = ({ workspaces }: Session) => workspaces.length > 1

export function Sidebar({ session }: { session: Session }) {
  return (
    <header className="sidebar">
      <Brand workspace={several(session) ? null : session.workspace.name} />
      <WorkspaceSwitch session={session} />
      <Navigation session={session} />
      <Account session={session} />
    </header>
  )
}
