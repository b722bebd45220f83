/** What is bought in a Checkout Session, with its amounts in cents. */
import type { Session, SessionLine } from './checkout-session-object.ts'
import { discountOf } from './coupons.ts'
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { makePrice, priceNamed } from './prices.ts'
import type { Kinds, Tx } from './wire.ts'

type Price = Kinds['price']

export interface CheckoutLines {
  lines: SessionLine[]
  currency: string
  items: { price: string; quantity: number }[]
}

const smallestTotal = 50

/** Reads `line_items` and refuses what Stripe refuses: nothing, prices of the wrong kind, inactive ones, a total below 50 cents. */
export async function checkoutLines(
  tx: Tx,
  params: Params,
  options: { mode: 'payment' | 'subscription'; free: boolean },
): Promise<CheckoutLines> {
  const sent = params.list('line_items')
  if (sent.length === 0) {
    throw badParameter('line_items', 'Missing required param: line_items.', 'parameter_missing')
  }
  const coupons = await couponsOf(tx, params)
  const lines: SessionLine[] = []
  const items: CheckoutLines['items'] = []
  for (const item of sent) {
    const price = await priceOf(tx, item, options.mode)
    const quantity = item.whole('quantity') ?? 1
    if (quantity < 1) throw badParameter(item.nameOf('quantity'), 'This value must be greater than or equal to 1.')
    lines.push(await lineOf(tx, price, { quantity, coupons, free: options.free }))
    items.push({ price: price.id, quantity })
  }
  const currency = lines[0]?.currency ?? 'usd'
  const other = lines.find((line) => line.currency !== currency)
  if (other) {
    throw badParameter(
      'line_items',
      `All prices on a Checkout Session must have the same currency: ${currency} and ${other.currency}.`,
    )
  }
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0)
  if (options.mode === 'payment' && total < smallestTotal) {
    throw badParameter(
      'line_items',
      "The Checkout Session's total amount due must add up to at least $0.50 usd",
      'amount_too_small',
    )
  }
  return { lines, currency, items }
}

async function priceOf(tx: Tx, item: Params, mode: 'payment' | 'subscription'): Promise<Price> {
  const data = item.sub('price_data')
  const price = data ? await makePrice(tx, data) : await priceNamed(tx, item.text('price'), item.nameOf('price'))
  if (!price.active)
    throw badParameter(item.nameOf('price'), 'The price specified is inactive. This field only accepts active prices.')
  if (mode === 'payment' && price.type === 'recurring') {
    throw badParameter(
      'mode',
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
    )
  }
  if (mode === 'subscription' && price.type !== 'recurring') {
    throw badParameter(
      'mode',
      'You must provide at least one recurring price in `subscription` mode when using prices. This simulator takes recurring prices only.',
    )
  }
  return price
}

async function lineOf(
  tx: Tx,
  price: Price,
  about: { quantity: number; coupons: Kinds['coupon'][]; free: boolean },
): Promise<SessionLine> {
  const { quantity, coupons, free } = about
  const product = await tx.get('product', typeof price.product === 'string' ? price.product : price.product.id)
  // In a trial nothing is due today.
  const subtotal = free ? 0 : (price.unit_amount ?? 0) * quantity
  const discount = coupons.reduce((sum, coupon) => sum + discountOf(coupon, subtotal - sum), 0)
  return {
    id: tx.id('li_'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: 0,
    amount_total: subtotal - discount,
    currency: price.currency,
    description: product?.name ?? null,
    metadata: {},
    price,
    quantity,
  }
}

async function couponsOf(tx: Tx, params: Params): Promise<Kinds['coupon'][]> {
  const coupons: Kinds['coupon'][] = []
  for (const discount of params.list('discounts')) {
    const id = discount.text('coupon')
    const coupon = await tx.get('coupon', id)
    if (!coupon) throw noSuch('coupon', id, discount.nameOf('coupon'))
    coupons.push(coupon)
  }
  return coupons
}

/** The lines that a session keeps inside. */
export const linesOf = (session: Session): SessionLine[] => session.line_items?.data ?? []
