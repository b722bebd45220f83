import { BillingPage, PlanDetail } from '../src/index.ts'
import { catalog } from '../test/sample-catalog.ts'
import { bought } from '../test/sample-purchase.ts'
import { meterOf, starter } from '../test/sample-usage.ts'
import { building, explanation, historyOf, running } from './sample-books.ts'
import type { StatesOf } from './state.ts'
import { Still, type Answers } from './still-client.tsx'

const page = (answers: Answers) => (
  <Still answers={answers}>
    <BillingPage
      ledgerHref={(meter) => `/settings/billing/ledger?meter=${meter}`}
      details={() => <PlanDetail label="Sending domains" value="Ready" tone="good" />}
    />
  </Still>
)
const away = new Error('503')

export const billingPage: StatesOf = {
  part: 'BillingPage',
  states: [
    {
      name: 'page',
      title: 'The whole page',
      when: 'All parts in one column: plan, pricing, purchases, work in progress, usage history, questions.',
      node: page({
        usage: {
          ...starter,
          meters: [
            meterOf('email_sends', 1200, 4000),
            meterOf('leads', 640, 1000, 200),
            meterOf('ai_campaigns', 1, 3, 1),
          ],
        },
        catalog,
        purchases: [bought],
        reservations: [running, building],
        history: historyOf(),
        explanation,
      }),
      texts: ['Starter plan', 'Pricing', 'Purchases', 'Work in progress', 'Usage history', 'FAQ', 'roll over'],
      also: ['dark', '390'],
    },
    {
      name: 'page-loading',
      title: 'Loading',
      when: 'Every section stands at about its height, and Manage Plan works.',
      node: page({}),
      texts: [
        'Loading usage',
        'Loading prices',
        'Loading purchases',
        'Loading work',
        'Loading usage history',
        'Manage Plan',
      ],
    },
    {
      name: 'page-away',
      title: 'Headroom cannot be reached',
      when: 'Every section says so by itself, with Retry.',
      node: page({ usage: away, catalog: away, purchases: [], reservations: away, history: away }),
      texts: ['Usage could not be loaded', '0 of 0 leads', 'Prices could not be loaded', 'Nothing bought yet.', 'FAQ'],
    },
  ],
}
