/** `expand[]`, and what an object shows without it. */
import { badParameter } from './fault.ts'
import type { Kind, Tx } from './wire.ts'

type Tree = Map<string, Tree>
type Fields = Record<string, unknown>

/** Kept inside an object, shown only to who asks for it. */
const hidden: Record<string, readonly string[]> = {
  'checkout.session': ['line_items'],
  invoice: ['payments'],
}

/** Not kept inside: read when asked for. */
const collections: Record<string, Record<string, { kind: Kind; by: string; url: string }>> = {
  charge: { refunds: { kind: 'refund', by: 'charge', url: '/v1/refunds' } },
  customer: { subscriptions: { kind: 'subscription', by: 'customer', url: '/v1/subscriptions' } },
}

/** These ids may be anything, so the field tells what they name. */
const kindsByField: Record<string, Kind> = { coupon: 'coupon', product: 'product', price: 'price' }

const kindsByPrefix: [string, Kind][] = [
  ['sub_sched_', 'subscription_schedule'],
  ['sub_', 'subscription'],
  ['cus_', 'customer'],
  ['prod_', 'product'],
  ['price_', 'price'],
  ['pm_', 'payment_method'],
  ['cs_', 'checkout.session'],
  ['pi_', 'payment_intent'],
  ['ch_', 'charge'],
  ['re_', 'refund'],
  ['dp_', 'dispute'],
  ['in_', 'invoice'],
  ['di_', 'discount'],
  ['bpc_', 'billing_portal.configuration'],
]

const deepest = 4

/** The answer as it travels: hidden fields left out, and ids replaced by their objects along each path, `data.customer.…` too. */
export async function present(tx: Tx, body: object, paths: readonly string[]): Promise<object> {
  const tree: Tree = new Map()
  for (const path of paths) {
    const names = path.split('.')
    if (names.length > deepest) {
      throw badParameter('expand', `You cannot expand more than ${deepest} levels of a property. Property: ${path}`)
    }
    let branch = tree
    for (const name of names) {
      const next = branch.get(name) ?? new Map<string, Tree>()
      branch.set(name, next)
      branch = next
    }
  }
  return (await grow(tx, body, tree)) as object
}

/** Without what is shown only to who asks for it; a copy, also of what is inside. */
export function visible(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visible)
  if (value === null || typeof value !== 'object') return value
  const fields = value as Fields
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !isHidden(fields, name))
      .map(([name, inner]) => [name, visible(inner)]),
  )
}

async function grow(tx: Tx, value: unknown, tree: Tree): Promise<unknown> {
  if (tree.size === 0) return visible(value)
  if (Array.isArray(value)) {
    const grown: unknown[] = []
    for (const item of value) grown.push(await grow(tx, item, tree))
    return grown
  }
  if (value === null || typeof value !== 'object') return value
  const fields = value as Fields
  const grown = visible(fields) as Fields
  for (const [name, inner] of tree) grown[name] = await grow(tx, await expanded(tx, fields, name), inner)
  return grown
}

async function expanded(tx: Tx, fields: Fields, name: string): Promise<unknown> {
  const collection = collections[String(fields.object)]?.[name]
  if (collection !== undefined) {
    const { kind, by, url } = collection
    return { object: 'list', data: await tx.list(kind, { [by]: String(fields.id) }), has_more: false, url }
  }
  const value = fields[name]
  // A list of ids, as discounts are: each becomes its object.
  if (Array.isArray(value)) {
    const each: unknown[] = []
    for (const [at] of value.entries()) each.push(await expanded(tx, value as unknown as Fields, String(at)))
    return each
  }
  if (value === null || typeof value === 'object') return value
  if (typeof value === 'string') {
    const kind = kindsByField[name] ?? kindsByPrefix.find(([prefix]) => value.startsWith(prefix))?.[1]
    const object = kind === undefined ? undefined : await tx.get(kind, value)
    if (object !== undefined) return object
  }
  throw badParameter('expand', `This property cannot be expanded (${name}).`)
}

function isHidden(fields: Fields, name: string): boolean {
  // A portal configuration has its products three levels down, where nothing says what it is.
  if (name === 'products' && 'trial_update_behavior' in fields) return true
  return hidden[String(fields.object)]?.includes(name) ?? false
}
