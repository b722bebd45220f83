import { agendaOf } from './agenda.ts'
import { badParameter } from './fault.ts'
import { paymentMethodOf } from './collection.ts'
import { makePaymentMethod, setDeclining } from './payment-methods.ts'
import { saveChange } from './subscription-change-event.ts'
import { pauseNow, payOpen, resumeNow } from './subscription-end.ts'
import { idOf, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

export interface Steering {
  /** The card declines from now on, or pays again. */
  paymentFails?: boolean
  status?: 'unpaid' | 'paused' | 'active'
}

/**
 * What tests ask of a subscription, by ways that exist: the card at the bank declines, the subscription is paused or resumed, its open
 * invoice is paid. `unpaid` ends the retries as if they had all failed. A status it has already changes nothing.
 */
export async function steerSubscription(tx: Tx, found: Subscription, steering: Steering): Promise<Subscription> {
  const before = steering.paymentFails === undefined ? found : await withCard(tx, found, steering.paymentFails)
  const { status } = steering
  if (status === undefined || status === before.status) return before
  if (status === 'paused') return pauseNow(tx, before)
  if (status === 'unpaid') {
    const agenda = { ...(await agendaOf(tx, before.id)), retry: null }
    return saveChange(tx, before, { ...before, status }, agenda)
  }
  if (before.status === 'paused') return resumeNow(tx, before, 'now')
  if (before.latest_invoice === null) throw badParameter('status', `${before.id} has no invoice that could be paid.`)
  const payable = await withCard(tx, before, false)
  const { subscription } = await payOpen(tx, payable, idOf(before.latest_invoice))
  if (subscription.status === 'active') return subscription
  // Its latest invoice is paid, or a draft of its unpaid time: it goes on with the next one.
  return saveChange(tx, subscription, { ...subscription, status: 'active' }, await agendaOf(tx, before.id))
}

async function withCard(tx: Tx, subscription: Subscription, declines: boolean): Promise<Subscription> {
  const id = await paymentMethodOf(tx, subscription)
  const method = id === null ? undefined : await tx.get('payment_method', id)
  if (method !== undefined) {
    await setDeclining(tx, method, declines)
    return subscription
  }
  const customer = idOf(subscription.customer)
  const card = await makePaymentMethod(tx, { customer, kind: declines ? 'declining_card' : 'good_card' })
  const changed = { ...subscription, default_payment_method: card.id }
  return saveChange(tx, subscription, changed, await agendaOf(tx, subscription.id))
}
