/** Coupons as they take from an invoice: in whole cents, a percentage rounded half up on each line, an amount spread over the lines that cost something. */
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import type { Line } from './invoice-object.ts'
import { later } from './months.ts'
import { discountObject, type Subscription } from './subscription-object.ts'
import type { Kinds, Tx } from './wire.ts'

export interface Reduction {
  discount: string
  percentOff: number | null
  amountOff: number | null
}

export interface Discounted {
  lines: Line[]
  amounts: { amount: number; discount: string }[]
}

/** Applies them one after the other, each to what the one before left. Credits shrink by a percentage as the charge they undo did. */
export function applyDiscounts(lines: readonly Line[], reductions: readonly Reduction[]): Discounted {
  const left = lines.map((line) => line.amount)
  const taken: { amount: number; discount: string }[][] = lines.map(() => [])
  const amounts = reductions.map((reduction) => {
    const parts = partsOf(left, reduction)
    parts.forEach((amount, at) => {
      left[at] = (left[at] ?? 0) - amount
      if (amount !== 0) taken[at]?.push({ amount, discount: reduction.discount })
    })
    return { amount: parts.reduce((sum, part) => sum + part, 0), discount: reduction.discount }
  })
  return {
    lines: lines.map((line, at) => ({
      ...line,
      discount_amounts: taken[at] ?? [],
      pretax_credit_amounts: (taken[at] ?? []).map((part) => ({ ...part, type: 'discount' })),
    })),
    amounts,
  }
}

function partsOf(left: readonly number[], { percentOff, amountOff }: Reduction): number[] {
  if (percentOff !== null) return left.map((amount) => Math.round((amount * percentOff) / 100))
  const charged = left.reduce((sum, amount) => sum + Math.max(0, amount), 0)
  let rest = Math.min(amountOff ?? 0, charged)
  const share = charged === 0 ? 0 : rest / charged
  // The last line that costs something takes what rounding left.
  const last = left.findLastIndex((amount) => amount > 0)
  return left.map((amount, at) => {
    if (amount <= 0) return 0
    const part = at === last ? rest : Math.min(rest, Math.floor(amount * share))
    rest -= part
    return part
  })
}

/** The discounts of a subscription that still run at an instant. */
export async function reductionsOf(tx: Tx, ids: readonly string[], at: number): Promise<Reduction[]> {
  const found: Reduction[] = []
  for (const id of ids) {
    const discount = await tx.get('discount', id)
    const coupon = discount && (await tx.get('coupon', couponOf(discount)))
    if (discount === undefined || coupon === undefined) continue
    if (discount.end !== null && discount.end <= at) continue
    found.push({ discount: id, percentOff: coupon.percent_off, amountOff: coupon.amount_off })
  }
  return found
}

/** Those that stay after an invoice: `once` is spent by it, `repeating` ends by its date. */
export async function remainingDiscounts(tx: Tx, ids: readonly string[], at: number): Promise<string[]> {
  const kept: string[] = []
  for (const id of ids) {
    const discount = await tx.get('discount', id)
    const coupon = discount && (await tx.get('coupon', couponOf(discount)))
    if (discount === undefined || coupon === undefined || coupon.duration === 'once') continue
    if (discount.end === null || discount.end > at) kept.push(id)
  }
  return kept
}

/** Redeems coupons for a subscription; answers the ids of the discounts. Throws what Stripe answers for a coupon that is unknown or over. */
export async function redeem(
  tx: Tx,
  subscription: { id: string; customer: string },
  coupons: readonly { id: string; param: string }[],
): Promise<string[]> {
  const ids: string[] = []
  for (const { id, param } of coupons) {
    const coupon = await tx.get('coupon', id)
    if (coupon === undefined) throw noSuch('coupon', id, param)
    if (!coupon.valid) throw badParameter(param, `Coupon expired: ${id}`, 'coupon_expired')
    const discount = discountObject({
      id: tx.id('di_'),
      coupon: id,
      customer: subscription.customer,
      subscription: subscription.id,
      start: tx.now,
      end: coupon.duration === 'repeating' ? later(tx.now, 'month', coupon.duration_in_months ?? 1) : null,
    })
    await tx.put('discount', discount)
    await tx.put('coupon', { ...coupon, times_redeemed: coupon.times_redeemed + 1 })
    ids.push(discount.id)
  }
  return ids
}

/** `discounts[0][coupon]`, or undefined when the parameter was not sent; empty text clears them. Existing ones are named by `discount`. */
export async function discountsFrom(
  tx: Tx,
  params: Params,
  subscription: Pick<Subscription, 'id'> & { customer: string },
): Promise<string[] | undefined> {
  if (!params.has('discounts')) return undefined
  const ids: string[] = []
  for (const entry of params.list('discounts')) {
    const existing = entry.optionalText('discount')
    if (existing !== undefined) {
      if ((await tx.get('discount', existing)) === undefined) {
        throw noSuch('discount', existing, entry.nameOf('discount'))
      }
      ids.push(existing)
    } else {
      const coupon = { id: entry.text('coupon'), param: entry.nameOf('coupon') }
      ids.push(...(await redeem(tx, subscription, [coupon])))
    }
  }
  return ids
}

const couponOf = (discount: Kinds['discount']): string => {
  const { coupon } = discount.source
  return coupon === null ? '' : typeof coupon === 'string' ? coupon : coupon.id
}
