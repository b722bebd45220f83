/** What stands in place of the usage while it cannot be loaded: the Free plan with nothing in it. Never shown without saying so. */
import type { MeterUsageWire } from '@headroom/sdk'

type Words = Pick<MeterUsageWire, 'meter' | 'label' | 'unit' | 'units' | 'counted'>

const meters: Words[] = [
  {
    meter: 'email_sends',
    label: 'Emails sent',
    unit: 'email send',
    units: 'email sends',
    counted: { one: 'email', many: 'emails' },
  },
  { meter: 'leads', label: 'Leads', unit: 'lead', units: 'leads', counted: { one: 'lead', many: 'leads' } },
  {
    meter: 'ai_campaigns',
    label: 'AI campaigns created',
    unit: 'AI credit',
    units: 'AI credits',
    counted: { one: 'AI campaign', many: 'AI campaigns' },
  },
]

export const emptyUsage = {
  plan: { name: 'Free plan', description: '', interval: 'month', status: 'active', pendingChange: null },
  price: { monthlyCents: 0, currency: 'usd', source: 'predicted', billed: 'monthly' },
  period: null,
  asOf: null,
  meters: meters.map((words) => ({ ...words, used: 0, reserved: 0, limit: 0, available: 0, overage: 0, addOn: null })),
} as const satisfies { meters: MeterUsageWire[]; [part: string]: unknown }
