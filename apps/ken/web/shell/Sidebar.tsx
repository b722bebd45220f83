import type { Session } from '../api.ts'
import { Account } from './Account.tsx'
import { Brand } from './Brand.tsx'
import { Navigation } from './Navigation.tsx'

export function Sidebar({ session }: { session: Session }) {
  return (
    <header className="sidebar">
      <Brand workspace={session.workspace.name} />
      <Navigation session={session} />
      <Account session={session} />
    </header>
  )
}
