import type { MeterUsageWire, UsageWire } from '@headroom/sdk'

const words = {
  email_sends: {
    label: 'Emails sent',
    unit: 'email send',
    units: 'email sends',
    counted: { one: 'email', many: 'emails' },
  },
  leads: { label: 'Leads', unit: 'lead', units: 'leads', counted: { one: 'lead', many: 'leads' } },
  ai_campaigns: {
    label: 'AI campaigns created',
    unit: 'AI credit',
    units: 'AI credits',
    counted: { one: 'AI campaign', many: 'AI campaigns' },
  },
}

/** A meter as the server answers it: its figures are consistent. */
export function meterOf(meter: keyof typeof words, used: number, limit: number | null, reserved = 0): MeterUsageWire {
  const available = limit === null ? null : Math.max(0, limit - used - reserved)
  const overage = limit === null ? 0 : Math.max(0, used + reserved - limit)
  const addOn = limit === null ? null : meter
  return { meter, ...words[meter], used, reserved, limit, available, overage, addOn }
}

export const growth: UsageWire = {
  workspace: 'ws_1',
  plan: {
    id: 'growth',
    name: 'Growth plan',
    description: 'For teams that send every week.',
    interval: 'month',
    contacts: 5000,
    status: 'active',
    pendingChange: null,
    subscribed: false,
    graceUntil: null,
  },
  price: { monthlyCents: 39_900, currency: 'usd', source: 'stripe', billed: 'monthly' },
  period: { start: '2026-11-01T09:14:00Z', end: '2026-12-01T09:14:00Z' },
  asOf: '2026-11-23T18:02:00Z',
  meters: [meterOf('leads', 1200, 5000), meterOf('email_sends', 1200, 20_000), meterOf('ai_campaigns', 1, 3)],
  addOns: null,
}

/** What Ken's Starter sells: leads with four sends each, sends at 40 % of that, AI credits one by one. */
export const starter: UsageWire = {
  ...growth,
  plan: {
    ...growth.plan,
    id: 'starter',
    name: 'Starter plan',
    description: 'For a first outbound motion.',
    contacts: 1000,
    subscribed: true,
  },
  price: { ...growth.price!, monthlyCents: 9900 },
  meters: [meterOf('leads', 640, 1000), meterOf('email_sends', 1200, 4000), meterOf('ai_campaigns', 1, 3)],
  addOns: [
    {
      id: 'leads',
      blockSize: 1000,
      blockCents: 9000,
      currency: 'usd',
      brings: [
        { meter: 'leads', quantity: 1000 },
        { meter: 'email_sends', quantity: 4000 },
      ],
    },
    {
      id: 'email_sends',
      blockSize: 4000,
      blockCents: 3600,
      currency: 'usd',
      brings: [{ meter: 'email_sends', quantity: 4000 }],
    },
    {
      id: 'ai_campaigns',
      blockSize: 1,
      blockCents: 500,
      currency: 'usd',
      brings: [{ meter: 'ai_campaigns', quantity: 1 }],
    },
  ],
}
