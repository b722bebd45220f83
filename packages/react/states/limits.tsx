import type { ActionWire, VerdictWire } from '@headroom/sdk'
import { LimitNotice, ReservationListView } from '../src/index.ts'
import { starter } from '../test/sample-usage.ts'
import { building, running } from './sample-books.ts'
import type { StatesOf } from './state.ts'

const at = { meter: 'leads', href: '/settings/billing' }
const lower: ActionWire = { kind: 'lower_quantity', label: 'Lower the quantity', meter: 'leads', quantity: 600 }

function refused(reason: VerdictWire['reason'], available: number, ...actions: ActionWire[]) {
  const lines = [{ meter: 'leads', requested: 1430, available, limit: 1000, maxAllowed: available }]
  const verdict: VerdictWire = { allowed: false, reason, resetsAt: starter.period.end, lines, actions }
  return <LimitNotice verdict={verdict} onLowerQuantity={() => {}} />
}

const askAdmin: ActionWire = { kind: 'ask_admin', label: 'Ask an Admin', meter: 'leads' }

export const limitNotice: StatesOf = {
  part: 'LimitNotice',
  states: [
    {
      name: 'limit-upgrade',
      title: 'On a small plan',
      when: 'What is left and what helps, where the action is; what fits is a second choice.',
      node: refused('limit_reached', 600, { kind: 'upgrade_plan', label: 'Upgrade plan', ...at }, lower),
      texts: ['600 leads left - Upgrade plan', 'Import 600 of 1,430'],
      also: ['dark', '390'],
    },
    {
      name: 'limit-buy',
      title: 'On a plan that buys credits',
      when: 'The same with the way to the add-on.',
      node: refused(
        'limit_reached',
        600,
        {
          kind: 'buy_credits',
          label: 'Buy credits',
          ...at,
          addOn: 'leads',
          blocks: 1,
          totalCents: 7000,
          currency: 'usd',
        },
        lower,
      ),
      texts: ['600 leads left - Buy credits'],
    },
    {
      name: 'limit-ask-admin',
      title: 'For who is no Admin',
      when: 'Words instead of a link: they cannot buy.',
      node: refused('limit_reached', 600, askAdmin, lower),
      texts: ['600 leads left - Ask an Admin'],
      absent: ['Buy credits', 'Upgrade plan'],
    },
    {
      name: 'limit-empty',
      title: 'Nothing left',
      when: 'No smaller quantity to offer.',
      node: refused('limit_reached', 0, { kind: 'upgrade_plan', label: 'Upgrade plan', ...at }),
      texts: ['0 leads left - Upgrade plan'],
      absent: ['Import'],
    },
    {
      name: 'limit-overdue',
      title: 'While a payment is overdue',
      when: 'Not the balance is the reason.',
      node: refused('payment_overdue', 0, { kind: 'manage_plan', label: 'Manage Plan', ...at }),
      texts: ['A payment is overdue - Manage Plan'],
      absent: ['leads left'],
    },
  ],
}

export const member: StatesOf = {
  part: 'For who is no Admin',
  states: [
    {
      name: 'member',
      title: 'What everybody may see',
      when: 'No price, no purchase, no ledger: what is left where the action is, and the work that holds credits.',
      node: (
        <div className="hr-billing">
          {refused('limit_reached', 600, askAdmin)}
          <ReservationListView reservations={[running, building]} meters={starter.meters} />
        </div>
      ),
      texts: ['600 leads left - Ask an Admin', '"Q4 founders" import', '200 leads reserved'],
      absent: ['$', 'Purchase', 'Manage Plan', 'Why this number?'],
    },
  ],
}
