import { defineCatalog } from '@headroom/core'

export default defineCatalog({
  version: 'pictures-1',
  currency: 'eur',
  yearlyDiscountPercent: 10,
  freePlan: 'free',
  meters: [
    {
      id: 'renders',
      label: 'Renders',
      unit: 'render',
      units: 'renders',
      counted: { one: 'render', many: 'renders' },
      overrun: 'record',
    },
  ],
  plans: [
    {
      id: 'free',
      name: 'Free',
      description: 'To try it.',
      family: 'self-serve',
      atLimit: 'upgrade_plan',
      mayBuy: false,
      prices: [{ contacts: null, monthCents: 0 }],
      allowances: { renders: 20 },
      rateCents: 0,
    },
    {
      id: 'studio',
      name: 'Studio',
      description: 'For every day.',
      family: 'self-serve',
      atLimit: 'buy_credits',
      prices: [{ contacts: null, monthCents: 4_900 }],
      allowances: { renders: 2_000 },
      rateCents: 2_000,
    },
  ],
  addOns: [
    { id: 'renders', blockSize: 500, brings: [{ meter: 'renders', quantity: 500 }], blockPrice: { percentOfRate: 50 } },
  ],
})
