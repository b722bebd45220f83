import { badParameter, noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Coupon = Kinds['coupon']

/** What the coupon takes off this amount, in cents; never more than all of it. A half cent is rounded up, as Stripe does. */
export function discountOf(coupon: Coupon, amount: number): number {
  const off = coupon.amount_off ?? Math.round((amount * (coupon.percent_off ?? 0)) / 100)
  return Math.min(off, amount)
}

export const couponRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/coupons',
    takes: [
      'id',
      'amount_off',
      'percent_off',
      'currency',
      'duration',
      'duration_in_months',
      'name',
      'metadata',
      'max_redemptions',
    ],
    async handle(tx, { params }) {
      const amountOff = params.whole('amount_off') ?? null
      const percentOff = params.optionalText('percent_off')
      if ((amountOff === null) === (percentOff === undefined)) {
        throw badParameter('percent_off', 'Must provide either percent_off or amount_off, and not both')
      }
      const coupon: Coupon = {
        id: params.optionalText('id') ?? tx.id('c_').slice(2, 10),
        object: 'coupon',
        amount_off: amountOff,
        created: tx.now,
        currency: amountOff === null ? null : params.text('currency').toLowerCase(),
        duration: params.choice('duration', ['forever', 'once', 'repeating']) ?? 'once',
        duration_in_months: params.whole('duration_in_months') ?? null,
        livemode: false,
        max_redemptions: params.whole('max_redemptions') ?? null,
        metadata: metadataOf(params),
        name: params.optionalText('name') ?? null,
        percent_off: percentOff === undefined ? null : Number(percentOff),
        redeem_by: null,
        times_redeemed: 0,
        valid: true,
      }
      await tx.put('coupon', coupon)
      await tx.emit('coupon.created', coupon)
      return coupon
    },
  },
  {
    method: 'GET',
    path: '/v1/coupons',
    takes: listParams,
    handle: (tx, { params }) => listOf(tx, 'coupon', '/v1/coupons', params, []),
  },
  {
    method: 'GET',
    path: '/v1/coupons/:id',
    takes: [],
    handle: (tx, { ids }) => couponOf(tx, ids.id ?? ''),
  },
]

async function couponOf(tx: Tx, id: string): Promise<Coupon> {
  const coupon = await tx.get('coupon', id)
  if (!coupon) throw noSuch('coupon', id)
  return coupon
}
