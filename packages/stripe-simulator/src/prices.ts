import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { changesOf } from './changes.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import { anyOf, makeProduct } from './products.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Price = Kinds['price']

/** A new price from the fields that a price takes, also from the `price_data` of a line. */
export async function makePrice(tx: Tx, params: Params): Promise<Price> {
  const lookupKey = params.optionalText('lookup_key') ?? null
  const amount = unitAmount(params)
  const product = await productFor(tx, params)
  if (lookupKey !== null) await claimLookupKey(tx, lookupKey, params)
  const recurring = recurringOf(params)
  const price: Price = {
    id: tx.id('price_'),
    object: 'price',
    active: params.flag('active') ?? true,
    billing_scheme: 'per_unit',
    created: tx.now,
    currency: params.text('currency').toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: lookupKey,
    metadata: metadataOf(params),
    nickname: params.optionalText('nickname') ?? null,
    product,
    recurring,
    tax_behavior: params.choice('tax_behavior', ['exclusive', 'inclusive', 'unspecified']) ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? 'one_time' : 'recurring',
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  }
  await tx.put('price', price)
  await tx.emit('price.created', price)
  return price
}

/** The price that a parameter names, or 400. */
export async function priceNamed(tx: Tx, id: string, param: string): Promise<Price> {
  const price = await tx.get('price', id)
  if (!price) throw noSuch('price', id, param)
  return price
}

export const priceRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/prices',
    takes: [
      'currency',
      'active',
      'billing_scheme',
      'lookup_key',
      'metadata',
      'nickname',
      'product',
      'product_data',
      'recurring',
      'tax_behavior',
      'transfer_lookup_key',
      'unit_amount',
    ],
    handle: (tx, { params }) => makePrice(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/prices',
    takes: [...listParams, 'active', 'currency', 'lookup_keys', 'product', 'type'],
    handle: (tx, { params }) =>
      listOf(
        tx,
        'price',
        '/v1/prices',
        params,
        ['active', 'currency', 'product', 'type'],
        anyOf('lookup_key', params.texts('lookup_keys')),
      ),
  },
  {
    method: 'GET',
    path: '/v1/prices/:id',
    takes: [],
    handle: (tx, { ids }) => priceOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/prices/:id',
    takes: ['active', 'lookup_key', 'metadata', 'nickname', 'tax_behavior', 'transfer_lookup_key'],
    async handle(tx, { ids, params }) {
      const before = await priceOf(tx, ids.id ?? '')
      const lookupKey = params.optionalText('lookup_key')
      if (lookupKey !== undefined && lookupKey !== before.lookup_key) await claimLookupKey(tx, lookupKey, params)
      const after: Price = {
        ...before,
        active: params.flag('active') ?? before.active,
        lookup_key: params.has('lookup_key') ? (lookupKey ?? null) : before.lookup_key,
        metadata: changedMetadata(before.metadata, params),
        nickname: params.has('nickname') ? (params.optionalText('nickname') ?? null) : before.nickname,
      }
      await tx.put('price', after)
      const changes = changesOf(before, after)
      if (changes !== undefined) await tx.emit('price.updated', after, changes)
      return after
    },
  },
]

async function priceOf(tx: Tx, id: string): Promise<Price> {
  const price = await tx.get('price', id)
  if (!price) throw noSuch('price', id)
  return price
}

function unitAmount(params: Params): number {
  const amount = params.whole('unit_amount')
  const name = params.nameOf('unit_amount')
  if (amount === undefined) throw badParameter(name, `Missing required param: ${name}.`, 'parameter_missing')
  if (amount < 0) throw badParameter(name, `Invalid positive integer: ${amount}`, 'parameter_invalid_integer')
  return amount
}

async function productFor(tx: Tx, params: Params): Promise<string> {
  const data = params.sub('product_data')
  if (data !== undefined) return (await makeProduct(tx, data)).id
  const id = params.text('product')
  if (!(await tx.get('product', id))) throw noSuch('product', id, params.nameOf('product'))
  return id
}

function recurringOf(params: Params): Price['recurring'] {
  const sent = params.sub('recurring')
  if (sent === undefined) return null
  return {
    interval: sent.choice('interval', ['day', 'week', 'month', 'year']) ?? 'month',
    interval_count: sent.whole('interval_count') ?? 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }
}

/** A lookup key names one price. It moves only when that is asked for. */
async function claimLookupKey(tx: Tx, key: string, params: Params): Promise<void> {
  const [holder] = await tx.list('price', { lookup_key: key })
  if (holder === undefined) return
  if (params.flag('transfer_lookup_key') !== true) {
    throw badParameter(
      'lookup_key',
      `A price (\`${holder.id}\`) already uses that lookup key. Specify \`transfer_lookup_key=true\` to transfer the key to this price.`,
    )
  }
  const without: Price = { ...holder, lookup_key: null }
  await tx.put('price', without)
  await tx.emit('price.updated', without, { lookup_key: key })
}
