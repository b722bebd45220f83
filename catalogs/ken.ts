/**
 * Ken's catalog: a sample. The help page publishes no numbers; all figures here are ours (decisions §11) and may be changed
 * without touching code. Give a changed catalog a new `version`.
 */
import { defineCatalog } from '@headroom/core'

export default defineCatalog({
  version: 'ken-2026-11',
  currency: 'usd',
  yearlyDiscountPercent: 20,
  freePlan: 'free',
  meters: [
    {
      id: 'email_sends',
      label: 'Emails sent',
      unit: 'email send',
      units: 'email sends',
      counted: { one: 'email', many: 'emails' },
    },
    { id: 'leads', label: 'Leads', unit: 'lead', units: 'leads', counted: { one: 'lead', many: 'leads' } },
    {
      id: 'ai_campaigns',
      label: 'AI campaigns created',
      unit: 'AI credit',
      units: 'AI credits',
      counted: { one: 'AI campaign', many: 'AI campaigns' },
    },
  ],
  plans: [
    {
      id: 'free',
      name: 'Free plan',
      description: 'To look around and try a first list.',
      family: 'self-serve',
      atLimit: 'upgrade_plan',
      prices: [{ contacts: null, monthCents: 0 }],
      allowances: { leads: 50, email_sends: 200, ai_campaigns: 1 },
      rateCents: 12_000,
    },
    {
      id: 'starter',
      name: 'Starter plan',
      description: 'For a first outbound motion.',
      family: 'self-serve',
      atLimit: 'upgrade_plan',
      prices: [
        { contacts: 1_000, monthCents: 9_900 },
        { contacts: 2_000, monthCents: 17_900 },
        { contacts: 3_000, monthCents: 24_900 },
      ],
      allowances: { leads: { perContact: 1 }, email_sends: { perContact: 4 }, ai_campaigns: 3 },
      rateCents: 9_000,
    },
    {
      id: 'growth',
      name: 'Growth plan',
      description: 'For teams that send every week.',
      family: 'self-serve',
      atLimit: 'buy_credits',
      prices: [
        { contacts: 5_000, monthCents: 39_900 },
        { contacts: 10_000, monthCents: 69_900 },
        { contacts: 25_000, monthCents: 149_900 },
        { contacts: 50_000, monthCents: 249_900 },
      ],
      allowances: { leads: { perContact: 1 }, email_sends: { perContact: 4 }, ai_campaigns: 25 },
      rateCents: 7_000,
    },
    {
      id: 'dfy',
      name: 'Done for you',
      description: 'Our team runs the campaigns with you.',
      family: 'done-for-you',
      atLimit: 'buy_credits',
      prices: [
        { contacts: 10_000, monthCents: 290_000 },
        { contacts: 25_000, monthCents: 490_000 },
      ],
      allowances: { leads: { perContact: 1 }, email_sends: null, ai_campaigns: null },
      rateCents: 6_000,
    },
  ],
  addOns: [
    {
      id: 'leads',
      blockSize: 1_000,
      brings: [
        { meter: 'leads', quantity: 1_000 },
        { meter: 'email_sends', quantity: 4_000 },
      ],
      blockPrice: { percentOfRate: 100 },
    },
    {
      id: 'email_sends',
      blockSize: 4_000,
      brings: [{ meter: 'email_sends', quantity: 4_000 }],
      blockPrice: { percentOfRate: 40 },
    },
    { id: 'ai_campaigns', blockSize: 1, brings: [{ meter: 'ai_campaigns', quantity: 1 }], blockPrice: { cents: 500 } },
  ],
})
