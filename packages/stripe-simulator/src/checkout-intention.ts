/** What a Checkout Session will make of a payment: told when it is created, shown by no answer of the API. */
import { badParameter } from './fault.ts'
import type { Params } from './form.ts'
import { metadataOf } from './metadata.ts'

export interface CheckoutIntention {
  /** The session's. */
  id: string
  object: 'checkout.intention'
  items: { price: string; quantity: number }[]
  /** Of the payment intent, or of the subscription. */
  metadata: Record<string, string>
  description: string | null
  setupFutureUsage: 'off_session' | 'on_session' | null
  receiptEmail: string | null
  trialDays: number
  /** Instead of trialDays. */
  trialEnd: number | null
  coupons: string[]
  /** A bank debit has arrived or failed: nothing can change any more. */
  debitEnded: boolean
}

/** Reads payment_intent_data or subscription_data, whichever the mode has. */
export function intentionOf(
  params: Params,
  about: { id: string; mode: 'payment' | 'subscription'; items: CheckoutIntention['items']; now: number },
): CheckoutIntention {
  const { id, mode, items, now } = about
  const other = mode === 'payment' ? 'subscription_data' : 'payment_intent_data'
  if (params.has(other)) throw badParameter(other, `You can not pass \`${other}\` in \`${mode}\` mode.`)
  const data = params.sub(mode === 'payment' ? 'payment_intent_data' : 'subscription_data')
  return {
    id,
    object: 'checkout.intention',
    items,
    metadata: metadataOf(data),
    description: data?.optionalText('description') ?? null,
    setupFutureUsage: data?.choice('setup_future_usage', ['off_session', 'on_session']) ?? null,
    receiptEmail: data?.optionalText('receipt_email') ?? null,
    trialDays: data?.whole('trial_period_days') ?? 0,
    trialEnd: trialEnd(data, now),
    coupons: params.list('discounts').map((discount) => discount.text('coupon')),
    debitEnded: false,
  }
}

function trialEnd(data: Params | undefined, now: number): number | null {
  const at = data?.whole('trial_end')
  if (at === undefined) return null
  if (at < now + 48 * 3600) {
    throw badParameter(
      'subscription_data[trial_end]',
      'The `trial_end` date has to be at least 2 days in the future for Checkout.',
    )
  }
  return at
}
