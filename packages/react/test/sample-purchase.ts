import type { PurchaseWire } from '@headroom/sdk'

/** Three blocks of leads, paid. */
export const bought: PurchaseWire = {
  id: 'pur_1',
  workspace: 'ws_1',
  addOn: 'leads',
  blocks: 3,
  plan: null,
  contacts: null,
  interval: null,
  total: 27_000,
  refundedTotal: 0,
  currency: 'usd',
  state: 'paid',
  brings: [
    { meter: 'leads', quantity: 3000 },
    { meter: 'email_sends', quantity: 12_000 },
  ],
  createdAt: '2026-11-20T10:00:00Z',
  paidAt: '2026-11-20T10:02:00Z',
  receipt: { number: '2045-7310', url: 'https://pay.stripe.com/receipts/1' },
  checkoutUrl: null,
  checkoutSession: null,
}

const unpaid = { paidAt: null, receipt: null } as const

/** Clicked, and the checkout stands open. */
export const openOne: PurchaseWire = { ...bought, ...unpaid, state: 'pending', checkoutUrl: 'https://checkout.test/1' }

/** Gone through by bank debit: the money is on its way. */
export const confirmingOne: PurchaseWire = {
  ...bought,
  state: 'pending',
  paidAt: null,
  receipt: { number: 'pi_1', url: null },
}

export const failedOne: PurchaseWire = { ...bought, ...unpaid, state: 'failed' }
