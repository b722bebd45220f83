import type { CheckoutIntention } from '../checkout-intention.ts'
import { linesOf } from '../checkout-lines.ts'
import type { Session, SessionLine } from '../checkout-session-object.ts'
import { dayText } from '../months.ts'
import { escape, money } from './layout.ts'

/** The total, and the lines it is the sum of. */
export function summary(session: Session, intention: CheckoutIntention | undefined, now: number): string {
  const currency = session.currency ?? 'usd'
  const lines = linesOf(session)
  const discount = session.total_details?.amount_discount ?? 0
  const rows = [
    ...lines.map(row),
    ...(discount > 0 ? [sum('Discount', -discount, currency)] : []),
    sum('Total due today', session.amount_total ?? 0, currency, 'sum'),
  ]
  return `<div class="stack tight"><h1 class="shop" style="font-size:1rem">${escape(headline(session, lines))}</h1>${big(session, intention, now)}</div>
<ul class="lines" aria-label="Order">${rows.join('')}</ul>`
}

function headline(session: Session, lines: SessionLine[]): string {
  const names = lines.map((line) => named(line)).join(', ')
  return session.mode === 'payment' ? `Pay for ${names}` : `Subscribe to ${names}`
}

const named = ({ description, quantity }: SessionLine): string =>
  (quantity ?? 1) > 1 ? `${quantity} × ${description ?? 'Item'}` : (description ?? 'Item')

function big(session: Session, intention: CheckoutIntention | undefined, now: number): string {
  const currency = session.currency ?? 'usd'
  if (session.mode === 'payment') return `<p class="total">${money(session.amount_total ?? 0, currency)}</p>`
  const trialEnd = intention?.trialEnd ?? (intention?.trialDays ? now + intention.trialDays * 86_400 : null)
  if (trialEnd === null) {
    return `<p class="total">${money(session.amount_total ?? 0, currency)} <small>${everyTime(session)}</small></p>`
  }
  const price = linesOf(session).reduce(
    (total, line) => total + (line.price?.unit_amount ?? 0) * (line.quantity ?? 1),
    0,
  )
  return `<p class="total">Free <small>until ${escape(dayText(trialEnd))}</small></p>
<p class="soft">then ${money(price, currency)} ${everyTime(session)}</p>`
}

function everyTime(session: Session): string {
  const recurring = linesOf(session)[0]?.price?.recurring
  if (!recurring) return ''
  return recurring.interval_count === 1
    ? `per ${recurring.interval}`
    : `every ${recurring.interval_count} ${recurring.interval}s`
}

function row(line: SessionLine): string {
  const each = money(line.price?.unit_amount ?? 0, line.currency)
  const quantity = (line.quantity ?? 1) > 1 ? `<br><span class="hint">${line.quantity} × ${each}</span>` : ''
  return `<li><span>${escape(line.description ?? 'Item')}${quantity}</span><span class="amount">${money(line.amount_subtotal, line.currency)}</span></li>`
}

const sum = (label: string, cents: number, currency: string, kind = ''): string =>
  `<li class="${kind}"><span>${label}</span><span class="amount">${money(cents, currency)}</span></li>`
