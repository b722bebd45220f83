/** What is to happen to a subscription and when: kept beside it, so that a look at the clock reads one row while nothing is due. */
import type { Line } from './invoice-object.ts'
import { idOf, periodOf, type Subscription } from './subscription-object.ts'
import type { Kinds, Tx } from './wire.ts'

export interface Agenda {
  /** The subscription's, or 'next' for the one row that holds the earliest due of all. */
  id: string
  object: 'agenda'
  live: boolean
  due: number | null
  trialWarned: boolean
  retry: Retry | null
  /** Prorations that the next invoice will carry. */
  pending: Line[]
}

export interface Retry {
  invoice: string
  at: number
  attempts: number
}

export const trialWarningSeconds = 3 * 86_400
/** An incomplete subscription has 23 hours to be paid. */
export const incompleteSeconds = 23 * 3600

const ended: readonly string[] = ['canceled', 'incomplete_expired']
export const hasEnded = (subscription: Subscription): boolean => ended.includes(subscription.status)

export async function agendaOf(tx: Tx, subscription: string): Promise<Agenda> {
  return (
    (await tx.get('agenda', subscription)) ?? {
      id: subscription,
      object: 'agenda',
      live: true,
      due: null,
      trialWarned: false,
      retry: null,
      pending: [],
    }
  )
}

/** Stores both, and when they are due next. Every change of a subscription goes through here. */
export async function keep(tx: Tx, subscription: Subscription, agenda: Agenda): Promise<void> {
  const schedule =
    subscription.schedule === null ? undefined : await tx.get('subscription_schedule', idOf(subscription.schedule))
  const due = dueOf(subscription, agenda, schedule)
  await tx.put('subscription', subscription)
  await tx.put('agenda', { ...agenda, live: !hasEnded(subscription), due })
  const next = await agendaOf(tx, 'next')
  if (due !== null && (next.due === null || due < next.due)) await tx.put('agenda', { ...next, live: false, due })
}

/** The earliest instant at which something happens to it; null once it has ended. */
export function dueOf(
  subscription: Subscription,
  agenda: Agenda,
  schedule: Kinds['subscription_schedule'] | undefined,
): number | null {
  if (hasEnded(subscription)) return null
  if (subscription.status === 'incomplete') return subscription.created + incompleteSeconds
  const instants = [
    subscription.cancel_at,
    subscription.pause_collection?.resumes_at ?? null,
    agenda.retry?.at ?? null,
    // A paused subscription has no periods and stays in its phase.
    subscription.status === 'paused' ? null : periodOf(subscription).end,
    schedule === undefined || subscription.status === 'paused' ? null : nextPhaseChange(schedule),
  ]
  if (subscription.status === 'trialing' && subscription.trial_end !== null && !agenda.trialWarned) {
    instants.push(Math.max(subscription.created, subscription.trial_end - trialWarningSeconds))
  }
  const known = instants.filter((instant) => instant !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The end of the phase that runs, or the start of the first. */
export function nextPhaseChange(schedule: Kinds['subscription_schedule']): number | null {
  if (schedule.status === 'not_started') return schedule.phases[0]?.start_date ?? null
  return schedule.status === 'active' ? (schedule.current_phase?.end_date ?? null) : null
}
