import { Link } from '@tanstack/react-router'
import { CreditCard, Send, UserRound } from 'lucide-react'
import type { Role } from '../api.ts'

/** Billing is for Admins; everyone else does not see it. */
export function Navigation({ role, onGo }: { role: Role; onGo?: () => void }) {
  const icon = { size: 16, 'aria-hidden': true } as const
  return (
    <nav aria-label="Main" className="navigation" onClick={onGo}>
      <Link to="/campaigns" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <Send {...icon} />
        Campaigns
      </Link>
      <h2 className="navigation-heading">Settings</h2>
      <Link to="/settings/profile" className="navigation-link" activeProps={{ className: 'is-active' }}>
        <UserRound {...icon} />
        Profile
      </Link>
      {role === 'admin' && (
        <Link to="/settings/billing" className="navigation-link" activeProps={{ className: 'is-active' }}>
          <CreditCard {...icon} />
          Billing
        </Link>
      )}
    </nav>
  )
}
