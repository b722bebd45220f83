/** What may become of a purchase, told as the steps of people and banks. */
import type { Chance } from '../../../torture/chance.ts'

export type Outcome = 'paid' | 'declined' | 'async_pending' | 'async_paid' | 'async_failed' | 'expired'

export type Step =
  /** The buyer clicks, and Stripe's checkout opens. */
  | { step: 'open' }
  | { step: 'complete'; outcome: Outcome }
  /** The return page asks. */
  | { step: 'return' }
  | { step: 'refund'; share: number }
  | { step: 'dispute'; outcome: 'opened' | 'won' | 'lost' }

export interface Story {
  name: string
  workspace: string
  addOn: string
  blocks: number
  key: string
  /** What is still to come. */
  steps: Step[]
}

const complete = (outcome: Outcome): Step => ({ step: 'complete', outcome })
const back: Step = { step: 'return' }
const refund = (share: number): Step => ({ step: 'refund', share })
const dispute = (outcome: 'opened' | 'won' | 'lost'): Step => ({ step: 'dispute', outcome })

const endings: readonly (readonly [weight: number, ending: { name: string; steps: readonly Step[] }])[] = [
  [28, { name: 'paid', steps: [complete('paid')] }],
  [14, { name: 'paid and returned', steps: [complete('paid'), back] }],
  [6, { name: 'declined, then paid', steps: [complete('declined'), back, complete('paid')] }],
  [6, { name: 'refunded', steps: [complete('paid'), refund(1)] }],
  [6, { name: 'refunded in parts', steps: [complete('paid'), refund(0.3), refund(0.41)] }],
  [3, { name: 'disputed', steps: [complete('paid'), dispute('opened')] }],
  [3, { name: 'dispute lost', steps: [complete('paid'), dispute('opened'), dispute('lost')] }],
  [4, { name: 'dispute won', steps: [complete('paid'), dispute('opened'), dispute('won')] }],
  [2, { name: 'refunded in part, dispute won', steps: [complete('paid'), refund(0.5), dispute('won')] }],
  [8, { name: 'paid slowly', steps: [complete('async_pending'), back, complete('async_paid')] }],
  [5, { name: 'failed slowly', steps: [complete('async_pending'), complete('async_failed')] }],
  [5, { name: 'declined and left', steps: [complete('declined'), back] }],
  [4, { name: 'expired', steps: [complete('expired')] }],
  [6, { name: 'abandoned', steps: [] }],
]

const addOns = ['leads', 'email_sends', 'ai_campaigns'] as const

/** One purchase of one of these workspaces; `sells` says what its plan offers. */
export function tell(chance: Chance, number: number, workspaces: readonly { id: string; sells: string[] }[]): Story {
  const { id: workspace, sells } = chance.oneOf(workspaces)
  const { name, steps } = chance.weighted(endings)
  const addOn = chance.oneOf(addOns.filter((one) => sells.includes(one)))
  const blocks = chance.whole(1, 7)
  return { name, workspace, addOn, blocks, key: `chaos_${number}`, steps: [{ step: 'open' }, ...steps] }
}
