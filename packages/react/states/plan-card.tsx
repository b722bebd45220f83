import { Unavailable, type UsageWire } from '@headroom/sdk'
import { PlanCardView, PlanDetail, type PlanCardSlots } from '../src/index.ts'
import { catalog } from '../test/sample-catalog.ts'
import { meterOf, starter } from '../test/sample-usage.ts'
import type { State, StatesOf } from './state.ts'

const still = { error: null, stale: false, busy: false, retry: () => {} } as const

/** What a host puts into the card: as <BillingPage> does, without what it leads to. */
const slots: PlanCardSlots = {
  catalog,
  manage: (
    <button type="button" className="hr-button">
      Manage Plan
    </button>
  ),
  meterAction: ({ addOn }) =>
    addOn !== null && (
      <button type="button" className="hr-button">
        Purchase {addOn === 'email_sends' ? 'Emails' : addOn === 'leads' ? 'Leads' : 'AI Credits'}
      </button>
    ),
  onExplain: () => {},
}

const card = (usage: UsageWire, more: PlanCardSlots & { stale?: boolean } = {}) => (
  <PlanCardView {...still} status="ready" usage={usage} {...slots} {...more} />
)
const onPlan = (plan: Partial<UsageWire['plan']>) => card({ ...starter, plan: { ...starter.plan, ...plan } })
const withMeters = (...meters: UsageWire['meters']) => card({ ...starter, meters })

const sends = meterOf('email_sends', 1200, 4000)

const ai = meterOf('ai_campaigns', 1, 3)
const end = starter.period.end
const failure = { status: 503, code: 'unavailable', detail: 'Down.', problem: null, requestId: 'req_7f3a' } as const

const figures: State[] = [
  {
    name: 'card-loading',
    title: 'Loading',
    when: 'Before the first figures: blank lines at the height of what comes, and Manage Plan, which needs none.',
    node: <PlanCardView {...still} {...slots} status="loading" usage={null} busy />,
    texts: ['Loading usage', 'Manage Plan'],
    absent: ['/ month', 'Purchase'],
  },
  {
    name: 'card',
    title: 'The plan and its meters',
    when: 'Name, price as Stripe bills it, three meters with their counts, when it renews.',
    node: card(starter),
    texts: [
      'Starter plan',
      '$99 / month',
      '1,200 of 4,000 emails',
      '640 of 1,000 leads',
      '1 of 3 AI campaigns',
      'Renews',
    ],
    also: ['dark', '390'],
  },
  {
    name: 'card-import-running',
    title: 'An import runs',
    when: 'What work in progress holds is hatched, and said under the bar; it is no longer available to others.',
    node: withMeters(sends, meterOf('leads', 340, 1000, 260), ai),
    texts: ['340 of 1,000 leads', '260 reserved by work in progress'],
    also: ['dark'],
  },
  {
    name: 'card-near',
    title: 'Near the limit',
    when: 'From 80 % on, used and reserved together: amber, with what is left and what happens next.',
    node: withMeters(sends, meterOf('leads', 640, 1000, 200), ai),
    texts: ['160 left. New imports are capped at this.'],
    also: ['dark'],
  },
  {
    name: 'card-over',
    title: 'At and over the limit',
    when: 'Red. Nothing is left, never less than nothing; sends that go on above the limit say by how much.',
    node: withMeters(meterOf('email_sends', 4250, 4000), meterOf('leads', 1000, 1000), meterOf('ai_campaigns', 3, 3)),
    texts: ['0 left, 250 over the limit. Running campaigns are not interrupted.', '0 left. New imports wait'],
    also: ['dark', '390'],
  },
  {
    name: 'card-unlimited',
    title: 'Unlimited',
    when: 'The raw count alone: no denominator, no bar, no prompt to buy.',
    node: withMeters(
      meterOf('email_sends', 21_204, null),
      meterOf('leads', 3480, 10_000),
      meterOf('ai_campaigns', 9, null),
    ),
    texts: ['21,204 emails', '9 AI campaigns', 'Purchase Leads'],
    absent: ['Purchase Emails', 'Purchase AI Credits', 'of unlimited'],
  },
  {
    name: 'card-detail',
    title: 'With a line of the host',
    when: 'The slot `details`: here a <PlanDetail> for what comes with the plan and is not counted.',
    node: card(starter, { details: () => <PlanDetail label="Sending domains" value="Ready" tone="good" /> }),
    texts: ['Sending domains', 'Ready'],
  },
]

const troubles: State[] = [
  {
    name: 'card-fallback',
    title: 'Usage could not be loaded',
    when: 'Nothing is known: the empty Free plan with 0 of 0, dashed, under a notice with Retry. It recovers by itself.',
    node: (
      <PlanCardView
        {...still}
        {...slots}
        status="error"
        usage={null}
        error={new Unavailable({ ...failure, retryAfterSeconds: null })}
      />
    ),
    texts: ['Usage could not be loaded', 'Retry', 'Free plan', '$0 / month', '0 of 0 leads', 'Request req_7f3a'],
    also: ['dark', '390'],
  },
  {
    name: 'card-stale',
    title: 'Reconnecting',
    when: 'The last figures stay, and say of when they are.',
    node: card(starter, { stale: true }),
    texts: ['Usage as of 18:02 UTC, reconnecting', '640 of 1,000 leads'],
  },
  {
    name: 'card-predicted',
    title: 'Predicted',
    when: 'The price could not be read from Stripe: the catalog’s figure, labelled; the label opens to why.',
    node: card({ ...starter, price: { ...starter.price!, source: 'predicted' } }),
    texts: ['$99 / month', 'Predicted', 'Check again'],
  },
  {
    name: 'card-payment-due',
    title: 'A payment is due',
    when: 'Everything goes on until the grace ends.',
    node: onPlan({ status: 'past_due', graceUntil: '2026-11-30T09:14:00Z' }),
    texts: ['payment due', 'Everything goes on until 30 Nov 2026, 09:14 UTC'],
  },
  {
    name: 'card-overdue',
    title: 'A payment is overdue',
    when: 'New imports and builds wait; running campaigns do not stop.',
    node: onPlan({ status: 'overdue', graceUntil: '2026-11-22T09:14:00Z' }),
    texts: ['payment overdue', 'New imports and AI builds wait until it is paid.'],
    also: ['dark'],
  },
  {
    name: 'card-suspended',
    title: 'Suspended',
    when: 'Paused at Stripe; it does not speak of a payment that is not missing.',
    node: onPlan({ status: 'suspended' }),
    texts: ['suspended', 'Manage Plan shows why'],
  },
]

const changes: State[] = [
  {
    name: 'card-trial',
    title: 'Trial',
    when: 'Until when it runs.',
    node: onPlan({ status: 'trialing' }),
    texts: ['trial', 'Trial until 1 Dec 2026, 09:14 UTC'],
  },
  {
    name: 'card-change',
    title: 'A change that waits',
    when: 'A smaller plan begins when this period ends; until then the limits stay.',
    node: card({
      ...starter,
      plan: {
        ...starter.plan,
        contacts: 3000,
        pendingChange: { plan: 'starter', contacts: 1000, interval: 'month', at: end },
      },
    }),
    texts: ['Changes to Starter, 1,000 contacts on 1 Dec 2026'],
  },
  {
    name: 'card-cancelled',
    title: 'Cancelled',
    when: 'It ends with what is paid, and does not say that it renews.',
    node: onPlan({ pendingChange: { plan: 'free', contacts: null, interval: 'month', at: end } }),
    texts: ['Cancelled: Free from 1 Dec 2026', 'Ends 1 Dec 2026'],
    absent: ['Renews'],
  },
]

export const planCard: StatesOf = { part: 'PlanCard', states: [...figures, ...troubles, ...changes] }
