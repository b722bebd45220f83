/** A catalog with small numbers, so that limits bind at once, and with what Ken's lacks: every policy a plan or meter can have. */
import { defineCatalog } from '../src/catalog.ts'

const words = (one: string, many: string) => ({ unit: one, units: many, counted: { one, many } })

export const smallCatalog = defineCatalog({
  version: 'small-1',
  currency: 'usd',
  yearlyDiscountPercent: 20,
  freePlan: 'free',
  meters: [
    { id: 'email_sends', label: 'Emails sent', ...words('email send', 'email sends') },
    { id: 'leads', label: 'Leads', ...words('lead', 'leads') },
    { id: 'ai_campaigns', label: 'AI campaigns created', ...words('AI credit', 'AI credits'), graceSeconds: 0 },
    // What costs more than was set aside is booked all the same, and late work has half a minute.
    { id: 'tokens', label: 'Tokens', ...words('token', 'tokens'), overrun: 'record', graceSeconds: 30 },
  ],
  plans: [
    {
      id: 'free',
      name: 'Free plan',
      description: 'No tokens at all.',
      family: 'self-serve',
      atLimit: 'upgrade_plan',
      prices: [{ contacts: null, monthCents: 0 }],
      allowances: { leads: 5, email_sends: 20, ai_campaigns: 1 },
      rateCents: 12_000,
    },
    {
      id: 'starter',
      name: 'Starter plan',
      description: 'Grows with the contacts.',
      family: 'self-serve',
      atLimit: 'upgrade_plan',
      prices: [
        { contacts: 10, monthCents: 9_900 },
        { contacts: 20, monthCents: 17_900 },
      ],
      allowances: { leads: { perContact: 1 }, email_sends: { perContact: 4 }, ai_campaigns: 3, tokens: 8 },
      rateCents: 9_000,
    },
    {
      id: 'growth',
      name: 'Growth plan',
      description: 'Buys what it lacks.',
      family: 'self-serve',
      atLimit: 'buy_credits',
      prices: [{ contacts: 50, monthCents: 39_900 }],
      allowances: { leads: { perContact: 1 }, email_sends: { perContact: 4 }, ai_campaigns: 25, tokens: 40 },
      rateCents: 7_000,
    },
    {
      id: 'dfy',
      name: 'Done for you',
      description: 'Unlimited but for leads.',
      family: 'done-for-you',
      atLimit: 'buy_credits',
      prices: [{ contacts: 30, monthCents: 290_000 }],
      allowances: { leads: { perContact: 1 }, email_sends: null, ai_campaigns: null, tokens: null },
      rateCents: 6_000,
    },
    {
      id: 'partner',
      name: 'Partner plan',
      description: 'May not buy, has no AI, and no sends in its allowance.',
      family: 'done-for-you',
      atLimit: 'buy_credits',
      mayBuy: false,
      prices: [{ contacts: null, monthCents: 100 }],
      allowances: { leads: 12, email_sends: 0 },
      rateCents: 100,
    },
  ],
  addOns: [
    {
      id: 'leads',
      blockSize: 10,
      brings: [
        { meter: 'leads', quantity: 10 },
        { meter: 'email_sends', quantity: 40 },
      ],
      blockPrice: { percentOfRate: 100 },
    },
    {
      id: 'email_sends',
      blockSize: 40,
      brings: [{ meter: 'email_sends', quantity: 40 }],
      blockPrice: { percentOfRate: 40 },
    },
    { id: 'ai_campaigns', blockSize: 1, brings: [{ meter: 'ai_campaigns', quantity: 1 }], blockPrice: { cents: 500 } },
  ],
})
