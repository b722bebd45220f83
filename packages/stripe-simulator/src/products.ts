import { badParameter, noSuch, StripeFault } from './fault.ts'
import type { Params } from './form.ts'
import { changesOf } from './changes.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Product = Kinds['product']

/** A new product from the fields that a product takes, also from a price's `product_data`. */
export async function makeProduct(tx: Tx, params: Params): Promise<Product> {
  const id = params.optionalText('id') ?? tx.id('prod_')
  if (await tx.get('product', id)) {
    throw new StripeFault(400, {
      type: 'invalid_request_error',
      code: 'resource_already_exists',
      message: 'Product already exists.',
      param: 'id',
    })
  }
  const product: Product = {
    id,
    object: 'product',
    active: params.flag('active') ?? true,
    created: tx.now,
    default_price: null,
    description: params.optionalText('description') ?? null,
    images: params.texts('images'),
    livemode: false,
    marketing_features: params.list('marketing_features').map((feature) => ({ name: feature.text('name') })),
    metadata: metadataOf(params),
    name: params.text('name'),
    package_dimensions: null,
    shippable: null,
    statement_descriptor: params.optionalText('statement_descriptor') ?? null,
    tax_code: params.optionalText('tax_code') ?? null,
    tax_details: null,
    type: 'service',
    unit_label: params.optionalText('unit_label') ?? null,
    updated: tx.now,
    url: params.optionalText('url') ?? null,
  }
  await tx.put('product', product)
  await tx.emit('product.created', product)
  return product
}

const fields = [
  'name',
  'active',
  'description',
  'images',
  'marketing_features',
  'metadata',
  'statement_descriptor',
  'tax_code',
  'unit_label',
  'url',
] as const

export const productRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/products',
    takes: [...fields, 'id', 'type', 'shippable'],
    handle: (tx, { params }) => makeProduct(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/products',
    takes: [...listParams, 'active', 'ids', 'type', 'shippable', 'url'],
    handle: (tx, { params }) =>
      listOf(tx, 'product', '/v1/products', params, ['active', 'type', 'url'], anyOf('id', params.texts('ids'))),
  },
  {
    method: 'GET',
    path: '/v1/products/:id',
    takes: [],
    handle: (tx, { ids }) => productOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/products/:id',
    takes: [...fields, 'default_price', 'shippable'],
    async handle(tx, { ids, params }) {
      const before = await productOf(tx, ids.id ?? '')
      const after = { ...changed(before, params), default_price: await defaultPrice(tx, before, params) }
      const changes = changesOf(before, after)
      if (changes === undefined) return before
      const updated = { ...after, updated: tx.now }
      await tx.put('product', updated)
      await tx.emit('product.updated', updated, { ...changes, updated: before.updated })
      return updated
    },
  },
]

/** For `page`: the field is one of these; no condition when there are none. */
export const anyOf = (field: string, values: string[]): Record<string, string[]> =>
  values.length === 0 ? {} : { [field]: values }

async function productOf(tx: Tx, id: string): Promise<Product> {
  const product = await tx.get('product', id)
  if (!product) throw noSuch('product', id)
  return product
}

function changed(before: Product, params: Params): Product {
  const text = (name: 'description' | 'unit_label' | 'url' | 'statement_descriptor'): string | null =>
    params.has(name) ? (params.optionalText(name) ?? null) : (before[name] ?? null)
  return {
    ...before,
    active: params.flag('active') ?? before.active,
    description: text('description'),
    images: params.has('images') ? params.texts('images') : before.images,
    marketing_features: params.has('marketing_features')
      ? params.list('marketing_features').map((feature) => ({ name: feature.text('name') }))
      : before.marketing_features,
    metadata: changedMetadata(before.metadata, params),
    name: params.optionalText('name') ?? before.name,
    statement_descriptor: text('statement_descriptor'),
    tax_code: params.has('tax_code') ? (params.optionalText('tax_code') ?? null) : (before.tax_code ?? null),
    unit_label: text('unit_label'),
    url: text('url'),
  }
}

async function defaultPrice(
  tx: Tx,
  before: Product,
  params: Params,
): Promise<NonNullable<Product['default_price']> | null> {
  const id = params.optionalText('default_price')
  if (id === undefined) return before.default_price ?? null
  const price = await tx.get('price', id)
  if (price?.product !== before.id) {
    throw badParameter('default_price', `The price ${id} does not belong to the product ${before.id}.`)
  }
  return id
}
