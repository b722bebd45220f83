import { keep, type Agenda } from './agenda.ts'
import { changesOf } from './changes.ts'
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
  const previous = changesOf(before, after)
  if (previous !== undefined) await tx.emit('customer.subscription.updated', after, previous)
  return after
}
