import type { CatalogWire, Limit } from '@headroom/sdk'
import { meterOf } from './sample-usage.ts'

type Plan = CatalogWire['plans'][number]

function priceOf(contacts: number | null, monthCents: number, ai: Limit, sends?: Limit): Plan['prices'][number] {
  const leads = contacts ?? 50
  const allowances = { leads, email_sends: sends === undefined ? 4 * leads : sends, ai_campaigns: ai }
  return { contacts, monthCents, yearCents: Math.floor((monthCents * 12 * 80 + 50) / 100), allowances }
}

function planOf(id: string, name: string, family: string, prices: Plan['prices']): Plan {
  return { id, name, description: `About ${name}.`, family, prices, allowances: prices[0]!.allowances }
}

/** Ken's catalog, as the server answers it. */
export const catalog: CatalogWire = {
  currency: 'usd',
  version: 'sample',
  meters: (['email_sends', 'leads', 'ai_campaigns'] as const).map((id) => {
    const { label, unit, units, counted } = meterOf(id, 0, 0)
    return { id, label, unit, units, counted }
  }),
  plans: [
    planOf('free', 'Free plan', 'self-serve', [priceOf(null, 0, 1)]),
    planOf('starter', 'Starter plan', 'self-serve', [
      priceOf(1000, 9900, 3),
      priceOf(2000, 17_900, 3),
      priceOf(3000, 24_900, 3),
    ]),
    planOf('growth', 'Growth plan', 'self-serve', [priceOf(5000, 39_900, 25), priceOf(10_000, 69_900, 25)]),
    planOf('dfy', 'Done for you', 'done-for-you', [priceOf(10_000, 290_000, null, null)]),
  ],
  addOns: [],
}
