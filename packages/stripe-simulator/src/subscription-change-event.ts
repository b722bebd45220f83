import { keep, type Agenda } from './agenda.ts'
import type { Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

/** Stores what became of a subscription, and tells of it: `customer.subscription.updated` with the fields as they were, or nothing when it is the same. */
export async function saveChange(
  tx: Tx,
  before: Subscription,
  after: Subscription,
  agenda: Agenda,
): Promise<Subscription> {
  await keep(tx, after, agenda)
  const previous = previousOf(before, after)
  if (Object.keys(previous).length > 0) await tx.emit('customer.subscription.updated', after, previous)
  return after
}

/** The top-level fields that differ, as they were. */
export function previousOf(before: object, after: object): Record<string, unknown> {
  const now = new Map(Object.entries(after))
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  )
}
