import { Link } from '@tanstack/react-router'
import { count } from '../numbers.ts'
import type { Sending } from './api.ts'

/** The sending infrastructure has given what it can for today. Not a matter of credits, so nothing is offered for sale (help page, FAQ). */
export function CapacityNotice({ capacity: { perDay, exhausted } }: Pick<Sending, 'capacity'>) {
  if (!exhausted) return null
  return (
    <p className="notice is-warn" role="status">
      <span>
        Today’s sending capacity of {count(perDay)} mails is used up; the rest goes out from tomorrow on, 00:00 UTC. If
        you need more per day,{' '}
        <Link to="/help/contact" className="link is-strong">
          contact your CSM
        </Link>
        .
      </span>
    </p>
  )
}
