import { Link } from '@tanstack/react-router'
import { CircleHelp, CreditCard, Inbox, Send, UserRound, Users } from 'lucide-react'
import type { Session } from '../api.ts'

/** Billing is for Admins; everyone else does not see it. A mailbox is only there where mails are kept for it. */
export function Navigation({ session: { role, mailbox }, onGo }: { session: Session; onGo?: () => void }) {
  const icon = { size: 16, 'aria-hidden': true } as const
  return (
    <nav aria-label="Main" className="navigation" onClick={onGo}>
      <Link to="/campaigns" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <Send {...icon} />
        Campaigns
      </Link>
      {mailbox && (
        <Link to="/mailbox" className="navigation-link" activeProps={{ className: 'is-active' }}>
          <Inbox {...icon} />
          Mailbox
        </Link>
      )}
      <h2 className="navigation-heading">Settings</h2>
      <Link to="/settings/profile" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <UserRound {...icon} />
        Profile
      </Link>
      <Link to="/settings/users" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <Users {...icon} />
        Users
      </Link>
      {role === 'admin' && (
        <Link to="/settings/billing" className="navigation-link" activeProps={{ className: 'is-active' }}>
          <CreditCard {...icon} />
          Billing
        </Link>
      )}
      <Link to="/help/usage-credits-and-limits" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <CircleHelp {...icon} />
        Help
      </Link>
    </nav>
  )
}
