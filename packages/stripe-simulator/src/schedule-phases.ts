/** The phases of a schedule: what a subscription is in each, and from when to when. */
import type { Span } from './months.ts'
import { idOf, type Subscription } from './subscription-object.ts'
import type { Kinds, Tx } from './wire.ts'

export type Schedule = Kinds['subscription_schedule']
export type Phase = Schedule['phases'][number]
export type PhaseItem = Phase['items'][number]

export interface NewPhase {
  span: Span
  items: PhaseItem[]
  currency: string
  proration: Phase['proration_behavior']
  metadata?: Record<string, string>
}

export const phaseObject = (from: NewPhase): Phase => ({
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  currency: from.currency,
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  end_date: from.span.end,
  invoice_settings: null,
  items: from.items,
  metadata: from.metadata ?? {},
  on_behalf_of: null,
  proration_behavior: from.proration,
  start_date: from.span.start,
  transfer_data: null,
  trial_end: null,
})

export const phaseItem = (price: string, quantity: number): PhaseItem => ({
  billing_thresholds: null,
  discounts: [],
  metadata: {},
  plan: price,
  price,
  quantity,
  tax_rates: [],
})

/** What the subscription is now, as the items of a phase. */
export const phaseItemsOf = (subscription: Subscription): PhaseItem[] =>
  subscription.items.data.map((item) => phaseItem(item.price.id, item.quantity ?? 1))

/** Items that are changed directly are changed in the phase that runs too; later phases stay. */
export async function phaseFollowsItems(tx: Tx, subscription: Subscription): Promise<void> {
  if (subscription.schedule === null) return
  const schedule = await tx.get('subscription_schedule', idOf(subscription.schedule))
  const running = schedule?.current_phase
  if (schedule === undefined || running === null || running === undefined) return
  const phases = schedule.phases.map((phase) =>
    phase.start_date === running.start_date ? { ...phase, items: phaseItemsOf(subscription) } : phase,
  )
  const changed = { ...schedule, phases }
  await tx.put('subscription_schedule', changed)
  await tx.emit('subscription_schedule.updated', changed, { phases: schedule.phases })
}
