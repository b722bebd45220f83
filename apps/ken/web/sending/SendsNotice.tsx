import type { VerdictWire } from '@headroom/sdk'
import { Link } from '@tanstack/react-router'
import { count, counted } from '../numbers.ts'
import type { Sending } from './api.ts'

/**
 * What is left does not cover what the campaign still sends. Said beside a launch that stays possible, with the remedy for plan and
 * viewer: a campaign that runs is never interrupted (help page, "What happens when I reach a limit").
 */
export function SendsNotice({ sends }: Pick<Sending, 'sends'>) {
  if (sends === null || sends.needed === 0 || sends.verdict.allowed) return null
  const { available, needed, verdict } = sends
  return (
    <p className="notice is-warn sends-notice" role="status">
      <span>
        {wordsFor(verdict, available, needed)} Running campaigns are never interrupted. <Remedy verdict={verdict} />
      </span>
    </p>
  )
}

function wordsFor({ reason }: VerdictWire, available: number | null, needed: number): string {
  if (reason === 'payment_overdue') return 'A payment is overdue.'
  if (reason === 'workspace_suspended') return 'This workspace is suspended.'
  return `${counted(available ?? 0, 'email send')} left; this campaign needs ${count(needed)}.`
}

function Remedy({ verdict }: { verdict: VerdictWire }) {
  const action = verdict.actions.find(({ kind }) => kind !== 'lower_quantity' && kind !== 'wait_until')
  if (action === undefined || !('label' in action)) return null
  if (!('href' in action)) return <strong>{action.label}</strong>
  return (
    <Link to={action.href} className="link is-strong">
      {action.label}
    </Link>
  )
}
