/** The hosted checkout: what is bought on one side, how it is paid on the other. Nobody types a card here; what happens is chosen. */
import { linesOf } from '../checkout-lines.ts'
import { conclude, type Payer } from '../checkout-outcome.ts'
import type { Session } from '../checkout-session-object.ts'
import { sessionById } from '../checkout-sessions.ts'
import { badParameter } from '../fault.ts'
import type { Params } from '../form.ts'
import type { PageRoute } from '../route.ts'
import type { Tx } from '../wire.ts'
import { summary } from './checkout-summary.ts'
import { backLink, button, choices, escape, money, notice, page } from './layout.ts'

/** What can be chosen, and what it does. */
const methods = { good_card: 'paid', declining_card: 'declined', bank_debit: 'async_pending' } as const
/** How a bank debit ends, chosen on the page of a session that waits for one. */
const endings = { arrives: 'async_paid', fails: 'async_failed' } as const

const cancelText = 'Cancel and go back'

export const checkoutPageRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/pay/:id',
    async handle(tx, { ids, params }) {
      return checkoutPage(tx, await sessionById(tx, ids.id ?? ''), params.has('declined'))
    },
  },
  {
    method: 'POST',
    path: '/pay/:id',
    async handle(tx, { ids, params }) {
      const session = await sessionById(tx, ids.id ?? '')
      const after = await conclude(tx, session, outcomeOf(params), payerOf(params))
      const here = `${tx.publicUrl}/pay/${session.id}`
      if (after.status === 'open') return seeOther(`${here}?declined=1`)
      return seeOther(after.status === 'complete' ? successUrl(after) : here)
    },
  },
]

function outcomeOf(params: Params): 'paid' | 'declined' | 'async_pending' | 'async_paid' | 'async_failed' {
  const method = params.choice('method', ['good_card', 'declining_card', 'bank_debit'])
  if (method !== undefined) return methods[method]
  const ending = params.choice('debit', ['arrives', 'fails'])
  if (ending === undefined) throw badParameter('method', 'Choose how to pay.')
  return endings[ending]
}

const payerOf = (params: Params): Payer => ({
  email: params.optionalText('email') ?? null,
  name: params.optionalText('name') ?? null,
})

const seeOther = (url: string): Response => new Response(null, { status: 303, headers: { Location: url } })

const successUrl = (session: Session): string =>
  (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)

async function checkoutPage(tx: Tx, session: Session, declined: boolean): Promise<string> {
  const intention = await tx.get('checkout.intention', session.id)
  const back = session.cancel_url === null || session.status !== 'open' ? '' : backLink(session.cancel_url, cancelText)
  const aside = back + summary(session, intention, tx.now)
  if (session.status === 'expired') return page({ title: 'This checkout has expired', aside, body: expired(session) })
  if (session.payment_status !== 'unpaid') return page({ title: 'You are all done here', aside, body: paid(session) })
  if (session.status === 'complete') {
    return page({ title: 'Bank debit', aside, body: debit(session, intention?.debitEnded ?? false) })
  }
  return page({ title: 'Checkout', aside, body: await payForm(tx, session, declined) })
}

async function payForm(tx: Tx, session: Session, declined: boolean): Promise<string> {
  const refused = declined ? notice('bad', 'Your card was declined. Nothing was paid: choose another way to pay.') : ''
  const pay = choices('method', 'How this payment ends', [
    { value: 'good_card', label: 'Card that pays', hint: 'Visa ending in 4242', checked: true },
    { value: 'declining_card', label: 'Card that is declined', hint: 'Visa ending in 0341' },
    {
      value: 'bank_debit',
      label: 'Bank debit (settles later)',
      hint: 'Account ending in 6789; return to this page to let it arrive',
    },
  ])
  return `${refused}
<form method="post" class="stack" style="gap:2.25rem">
<section><h2>Contact</h2>${await contact(tx, session)}</section>
<section><h2>Payment method</h2>${pay}</section>
<button class="button main wide">${payLabel(session)}</button>
</form>`
}

async function contact(tx: Tx, session: Session): Promise<string> {
  const customer = typeof session.customer === 'string' ? await tx.get('customer', session.customer) : undefined
  const known = customer?.email ?? session.customer_email
  if (known !== null) {
    const name = customer?.name ?? null
    return `<p>${name === null ? '' : `${escape(name)}<br>`}<span class="soft">${escape(known)}</span></p>`
  }
  return `<div class="field"><label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" value="buyer@example.com" required></div>`
}

function payLabel(session: Session): string {
  if (session.mode === 'payment') return `Pay ${money(session.amount_total ?? 0, session.currency ?? 'usd')}`
  return session.amount_total === 0 && linesOf(session).some((line) => (line.price?.unit_amount ?? 0) > 0)
    ? 'Start trial'
    : 'Subscribe'
}

function paid(session: Session): string {
  return `${notice('good', 'You are all done here.')}<p class="soft">This checkout was paid. It cannot be paid again.</p>
<p>${goOn(session)}</p>`
}

function debit(session: Session, ended: boolean): string {
  if (ended) return `${notice('bad', 'The bank debit failed. Nothing was paid.')}<p>${goOn(session)}</p>`
  return `${notice('info', 'The bank debit is on its way.')}
<form method="post"><h2>How the bank debit ends</h2>
<div class="row">${button('It arrives', 'main', 'name="debit" value="arrives"')}${button('It fails', 'grave', 'name="debit" value="fails"')}</div></form>
<p class="soft">Until then the shop has its order, and no money.</p>`
}

const goOn = (session: Session): string =>
  `<a class="button main" href="${escape(successUrl(session))}">Back to the shop</a>`

function expired(session: Session): string {
  const back = session.cancel_url === null ? '' : backLink(session.cancel_url, 'Back to the shop')
  return `${notice('info', 'This checkout has expired.')}<p class="soft">Nothing was paid. Go back and begin again.</p>${back}`
}
