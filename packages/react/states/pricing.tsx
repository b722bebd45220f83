import type { UsageWire } from '@headroom/sdk'
import { PricingTable } from '../src/index.ts'
import { catalog } from '../test/sample-catalog.ts'
import { starter } from '../test/sample-usage.ts'
import type { StatesOf } from './state.ts'
import { Still, type Answers } from './still-client.tsx'

const table = (answers: Answers) => (
  <Still answers={answers}>
    <PricingTable />
  </Still>
)
const free: UsageWire = {
  ...starter,
  plan: { ...starter.plan, id: 'free', name: 'Free plan', contacts: null, subscribed: false },
}
const yearly: UsageWire = { ...starter, plan: { ...starter.plan, interval: 'year' } }

export const pricingTable: StatesOf = {
  part: 'PricingTable',
  states: [
    {
      name: 'pricing',
      title: 'On a plan',
      when: 'The plans side by side, what choosing one would do, and when it takes effect.',
      node: table({ catalog, usage: starter }),
      texts: [
        'Pay monthly',
        'Self-serve',
        'Current plan',
        'Upgrade to Growth',
        'Takes effect now',
        'Cancel in Manage Plan',
      ],
      also: ['dark', '390'],
    },
    {
      name: 'pricing-free',
      title: 'On Free',
      when: 'A plan is started through the checkout.',
      node: table({ catalog, usage: free }),
      texts: ['Start Starter plan', 'Start Growth plan'],
    },
    {
      name: 'pricing-yearly',
      title: 'Paid yearly',
      when: 'A month’s share, and what is billed.',
      node: table({ catalog, usage: yearly }),
      texts: ['$79.20 / month', 'billed $950.40 yearly'],
    },
    {
      name: 'pricing-loading',
      title: 'Loading',
      when: 'Empty columns at the height of the plans.',
      node: table({ usage: starter }),
      texts: ['Loading prices'],
    },
    {
      name: 'pricing-without-usage',
      title: 'Without usage',
      when: 'Prices stand without a way to them while it is not known which plan one is on.',
      node: table({ catalog, usage: new Error('503') }),
      texts: ['$99 / month', 'Plans can be chosen as soon as your usage is loaded.'],
      absent: ['Upgrade to', 'Start '],
    },
    {
      name: 'pricing-failed',
      title: 'Could not be loaded',
      when: 'With Retry; Manage Plan works without them.',
      node: table({ catalog: new Error('503'), usage: starter }),
      texts: ['Prices could not be loaded', 'Retry'],
    },
  ],
}
