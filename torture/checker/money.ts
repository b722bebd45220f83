/** Money: what Stripe says was paid and paid back, against what was granted and taken back. Stripe's own objects are the truth. */
import { bodyOf, type Call } from '../history.ts'
import type { States } from '../states.ts'
import type { Books, Grant, Purchase, StripeTruth } from './rows.ts'
import type { Violations } from './violations.ts'

/** What one block brings; written down here once more, so that a mistake in the catalog's reading is one too. */
const brings: Record<string, Record<string, number>> = {
  leads: { leads: 1_000, email_sends: 4_000 },
  email_sends: { email_sends: 4_000 },
  ai_campaigns: { ai_campaigns: 1 },
}

interface Session {
  id: string
  status: string
  payment_status: string
  payment_intent: string | null
  amount_total: number
  client_reference_id: string | null
}

interface Charge {
  id: string
  payment_intent: string | null
  amount: number
  amount_refunded: number
  paid: boolean
}

interface Dispute {
  charge: string
  status: string
}

interface Truth {
  isPaid: boolean
  amount: number
  refunded: number
  dispute: 'none' | 'open' | 'won' | 'lost'
}

/** `isAtRest`: everything that Stripe knows has come about here too; before that it may still be on its way. */
export interface MoneyOptions {
  isAtRest: boolean
  violations: Violations
  states: States
}

export function checkMoney(books: Books, stripe: StripeTruth, calls: readonly Call[], options: MoneyOptions): void {
  const { violations } = options
  checkCheckouts(calls, books, violations)
  const sessions = new Map(
    (stripe.objects.get('checkout.session') ?? []).map((one) => [one['id'] as string, one as unknown as Session]),
  )
  const charges = (stripe.objects.get('charge') ?? []) as unknown as Charge[]
  const disputes = (stripe.objects.get('dispute') ?? []) as unknown as Dispute[]
  const known = new Set<string>()
  for (const purchase of books.purchases) {
    known.add(purchase.id).add(`${purchase.id}_won`)
    const session = purchase.session === null ? undefined : sessions.get(purchase.session)
    if (purchase.session !== null && session?.client_reference_id !== purchase.id) {
      violations.add(
        'I11',
        books.id,
        `the session of a purchase is another one's: ${JSON.stringify({ purchase, session })}`,
      )
    }
    if (session && purchase.addOn !== null && session.amount_total !== purchase.total)
      violations.add('I7', books.id, `another sum is asked for than was said: ${JSON.stringify({ purchase, session })}`)
    if (purchase.addOn !== null) checkPurchase(books, purchase, truthOf(session, charges, disputes), options)
  }
  // A session whose purchase did not remember it was shown to nobody: nothing may have been granted for it.
  for (const grant of books.grants) {
    if (grant.source !== 'purchase') continue
    violations.hold(
      known.has(grant.sourceId),
      'I7',
      books.id,
      () => `a grant is of no purchase: ${JSON.stringify(grant)}`,
    )
  }
}

/** What was opened is there, as it was answered, and each checkout has opened one at the most. */
function checkCheckouts(calls: readonly Call[], books: Books, violations: Violations): void {
  const checkouts = calls.filter(({ kind }) => kind === 'checkout')
  for (const call of checkouts) {
    if (call.answer?.status !== 201) continue
    const { purchaseId, total } = bodyOf<{ purchaseId: string; total: number }>(call.answer)
    const isSo = books.purchases.some((one) => one.id === purchaseId && one.total === total && one.session !== null)
    violations.hold(isSo, 'I12', books.id, () => `a checkout was answered and is not there: ${JSON.stringify(call)}`)
  }
  violations.hold(
    books.purchases.length <= checkouts.length,
    'I9',
    books.id,
    () => `${checkouts.length} checkouts have made ${books.purchases.length} purchases`,
  )
}

function truthOf(session: Session | undefined, charges: readonly Charge[], disputes: readonly Dispute[]): Truth {
  const isPaid = session?.status === 'complete' && session.payment_status === 'paid'
  const charge = isPaid ? charges.find((one) => one.paid && one.payment_intent === session.payment_intent) : undefined
  const of = new Set(disputes.filter((one) => one.charge === charge?.id).map(({ status }) => status))
  const dispute =
    of.has('needs_response') || of.has('under_review')
      ? 'open'
      : of.has('lost')
        ? 'lost'
        : of.has('won')
          ? 'won'
          : 'none'
  return { isPaid, amount: charge?.amount ?? 0, refunded: charge?.amount_refunded ?? 0, dispute }
}

function checkPurchase(
  books: Books,
  purchase: Purchase,
  truth: Truth,
  { isAtRest, violations, states }: MoneyOptions,
): void {
  const { id, addOn, blocks } = purchase
  const grants = books.grants.filter(({ source, sourceId }) => source === 'purchase' && sourceId === id)
  const again = books.grants.filter(({ source, sourceId }) => source === 'purchase' && sourceId === `${id}_won`)
  const wrong = (what: string) =>
    violations.add(
      'I7',
      books.id,
      `${what}: ${JSON.stringify({ purchase, truth, grants, again, entries: entriesOf(books, id) })}`,
    )
  if (!truth.isPaid) {
    if (grants.length + again.length > 0) wrong('an unpaid purchase was granted')
    if (['paid', 'refunded', 'disputed'].includes(purchase.state)) wrong('an unpaid purchase is shown as paid')
    return
  }
  if (isAtRest && purchase.state === 'parked') wrong('a purchase of ours is parked')
  if (isAtRest && ['pending', 'failed', 'expired'].includes(purchase.state))
    wrong('a paid purchase is not shown as paid')
  const check = { books, isAtRest, wrong }
  const due = Object.entries(brings[addOn!]!).map(([meter, quantity]) => [meter, quantity * blocks!] as const)
  for (const [meter, quantity] of due) {
    checkGrant(check, id, grants, meter, quantity, takenBack(quantity, truth, truth.dispute !== 'none'))
    if (truth.dispute === 'won')
      checkGrant(check, `${id}_won`, again, meter, quantity, takenBack(quantity, truth, false))
  }
  if (grants.length > due.length) wrong('more was granted than was bought')
  if (grants.length === due.length) states.reach('a purchase granted')
}

const takenBack = (quantity: number, { refunded, amount }: Truth, isAll: boolean): number =>
  isAll ? quantity : Number((BigInt(quantity) * BigInt(refunded)) / BigInt(Math.max(1, amount)))

interface GrantCheck {
  books: Books
  isAtRest: boolean
  wrong: (what: string) => void
}

/** Granted once, with what was bought; taken back what was paid back, and in the ledger at most once, while its period ran. */
function checkGrant(
  { books, isAtRest, wrong }: GrantCheck,
  source: string,
  grants: readonly Grant[],
  meter: string,
  quantity: number,
  back: number,
): void {
  const mine = grants.filter((one) => one.meter === meter)
  if (mine.length === 0 && !isAtRest) return
  if (mine.length !== 1) return wrong(`${meter} was granted ${mine.length} times, as ${source}`)
  const [grant] = mine
  const entries = entriesOf(books, source).filter((entry) => entry.meter === meter)
  const granted = entries.filter(({ kind }) => kind === 'grant')
  if (granted.length !== 1) wrong(`${meter} is ${granted.length} times in the ledger, as ${source}`)
  if (grant!.quantity !== quantity || granted[0]?.quantity !== quantity)
    wrong(`another quantity of ${meter} was granted than ${quantity}`)
  const isTakenBack = isAtRest ? grant!.takenBack === back : grant!.takenBack <= back
  if (!isTakenBack) wrong(`${grant!.takenBack} of ${meter} were taken back instead of ${back}`)
  const refunded = entries.filter(({ kind }) => kind === 'refund').reduce((sum, entry) => sum + entry.quantity!, 0)
  const isRunning = books.balances.at(-1)?.period === grant!.period
  if (refunded > grant!.takenBack || (isRunning && refunded !== grant!.takenBack))
    wrong(`${refunded} of ${meter} were taken back in the ledger, and ${grant!.takenBack} of the grant`)
}

const entriesOf = (books: Books, source: string) =>
  books.entries.filter((entry) => entry.source === 'purchase' && entry.sourceId === source)

interface Subscription {
  customer: string
  status: string
  items: { data: { price: { metadata: Record<string, string> } | string }[] }
  metadata: Record<string, string>
}

/** The plan of a workspace that pays at Stripe is the plan it pays for; Free where it does not. */
export function checkSubscription(
  books: Books,
  stripe: StripeTruth,
  customers: ReadonlyMap<string, string>,
  violations: Violations,
): void {
  const all = (stripe.objects.get('subscription') ?? []) as unknown as Subscription[]
  const prices = new Map(
    (stripe.objects.get('price') ?? []).map((one) => [
      one['id'] as string,
      one as { metadata: Record<string, string> },
    ]),
  )
  const live = all.filter(
    (one) =>
      one.customer === customers.get(books.id) &&
      !['canceled', 'incomplete', 'incomplete_expired'].includes(one.status),
  )
  violations.hold(live.length <= 1, 'I7', books.id, () => `it pays for ${live.length} subscriptions at once`)
  const [one] = live
  const priced = one?.items.data[0]?.price
  const { headroom_plan: plan = 'free' } =
    (typeof priced === 'string' ? prices.get(priced)?.metadata : priced?.metadata) ?? {}
  violations.hold(
    books.plan === plan,
    'I7',
    books.id,
    () => `it is on ${books.plan} and pays for ${plan}: ${JSON.stringify(one)}`,
  )
}
