/** From when on a payment that does not come is excused. */
import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { translate } from '../src/translate.ts'

const day = 86_400
const made = 1_800_000_000

const pastDue = (invoice: { created: number; due_date: number | null }) =>
  ({
    id: 'sub_1',
    status: 'past_due',
    pause_collection: null,
    trial_end: null,
    billing_cycle_anchor: made,
    created: made - 60 * day,
    cancel_at: null,
    cancel_at_period_end: false,
    schedule: null,
    latest_invoice: invoice,
    items: { data: [{ current_period_end: made + 30 * day, price: starter }] },
  }) as unknown as Stripe.Subscription
const starter = {
  id: 'price_1',
  metadata: { headroom_plan: 'starter', headroom_contacts: '1000' },
  recurring: { interval: 'month', interval_count: 1 },
}
const excusedUntil = (invoice: { created: number; due_date: number | null }, before: number | null = null) => {
  const free = { plan: 'free', contacts: null, interval: 'month' } as const
  return translate(pastDue(invoice), { nextPrice: undefined, free, graceUntil: before }).graceUntil
}

test('an invoice that is sent is excused for seven days from the day it is due, one that is charged from when it is made', () => {
  expect(excusedUntil({ created: made, due_date: made + 30 * day })).toBe((made + 37 * day) * 1000)
  expect(excusedUntil({ created: made, due_date: null })).toBe((made + 7 * day) * 1000)
})

test('another unpaid invoice does not excuse for longer', () => {
  const until = (made + 7 * day) * 1000
  expect(excusedUntil({ created: made + 30 * day, due_date: null }, until)).toBe(until)
})
