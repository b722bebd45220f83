/** Other prices, quantities or items in the middle of a period: what the items become and which lines that makes. Stores nothing. */
import { badParameter, noSuch } from './fault.ts'
import type { Line } from './invoice-object.ts'
import { creditLine, periodLine, remainderLine } from './lines.ts'
import { compareLengths, later } from './months.ts'
import {
  intervalOf,
  itemObject,
  periodOf,
  type Item,
  type RecurringPrice,
  type Subscription,
} from './subscription-object.ts'
import type { Tx } from './wire.ts'

export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none'

export interface ItemChange {
  /** Of the item that changes; a new one is added without it. */
  id?: string
  price?: RecurringPrice
  quantity?: number
  deleted?: boolean
  metadata?: Record<string, string>
  /** Where the caller named it: `items[0]`. */
  param: string
}

export interface ChangeRequest {
  items: readonly ItemChange[]
  proration: ProrationBehavior
  /** The instant that prorations count from. */
  at: number
  /** A new billing cycle begins now. A change of interval does that too. */
  restart: boolean
}

export interface Change {
  subscription: Subscription
  lines: Line[]
  /** An invoice is due at once; else the lines wait for the next one. */
  invoiceNow: boolean
}

/**
 * Same interval: the unused time of what changes is credited and the rest of the period charged, both to the second. Another interval, or a
 * restart: the cycle is anchored anew, whole periods begin now and are invoiced at once. During a trial nothing is prorated.
 */
export async function changeItems(tx: Tx, before: Subscription, request: ChangeRequest): Promise<Change> {
  const pairs = pairItems(tx, before, request.items)
  const kept = pairs.flatMap(({ after }) => (after === undefined ? [] : [after]))
  if (kept.length === 0) throw badParameter('items', 'A subscription must have at least one active plan.')
  const trialing = before.status === 'trialing'
  const restarts = !trialing && (request.restart || pairs.some(changesInterval))
  if (restarts) return restart(tx, before, pairs, request)

  const subscription = withItems(before, kept)
  if (trialing || request.proration === 'none') return { subscription, lines: [], invoiceNow: false }
  const lines: Line[] = []
  for (const { before: old, after } of pairs) {
    if (old !== undefined && after !== undefined && sameCost(old, after)) continue
    if (old !== undefined) lines.push(await creditLine(tx, subscription, old, request.at))
    if (after !== undefined) lines.push(await remainderLine(tx, subscription, after, request.at))
  }
  return { subscription, lines, invoiceNow: request.proration === 'always_invoice' && lines.length > 0 }
}

interface Pair {
  before: Item | undefined
  after: Item | undefined
}

async function restart(tx: Tx, before: Subscription, pairs: readonly Pair[], request: ChangeRequest): Promise<Change> {
  const items = pairs.flatMap(({ after }) => (after === undefined ? [] : [restartItem(after, tx.now)]))
  const subscription = { ...withItems(before, items), billing_cycle_anchor: tx.now }
  const lines: Line[] = []
  if (request.proration !== 'none') {
    for (const { before: old } of pairs) {
      if (old !== undefined) lines.push(await creditLine(tx, subscription, old, request.at))
    }
  }
  for (const item of items) {
    const period = { start: item.current_period_start, end: item.current_period_end }
    lines.push(await periodLine(tx, subscription, item, period))
  }
  return { subscription, lines, invoiceNow: true }
}

/** The item with a whole period that begins now. */
export function restartItem(item: Item, now: number): Item {
  const { interval, interval_count: count } = intervalOf(item)
  const end = later(now, interval, count)
  return { ...item, billed_until: end, current_period_start: now, current_period_end: end }
}

function pairItems(tx: Tx, before: Subscription, changes: readonly ItemChange[]): Pair[] {
  const old = before.items.data
  for (const { id, param } of changes) {
    if (id !== undefined && !old.some((item) => item.id === id)) {
      throw noSuch('subscription item', id, `${param}[id]`)
    }
  }
  const changed = old.map((item) => {
    const change = changes.find(({ id }) => id === item.id)
    return { before: item, after: change?.deleted === true ? undefined : changedItem(tx, item, change) }
  })
  const [first] = old
  const added = changes.flatMap(({ id, price, quantity, metadata }): Pair[] => {
    if (id !== undefined || price === undefined || first === undefined) return []
    const period = { start: first.current_period_start, end: first.current_period_end }
    const fresh = { id: tx.id('si_'), subscription: before.id, price, quantity: quantity ?? 1, period, now: tx.now }
    return [{ before: undefined, after: itemObject({ ...fresh, ...(metadata && { metadata }) }) }]
  })
  return [...changed, ...added]
}

function changedItem(tx: Tx, item: Item, change: ItemChange | undefined): Item {
  if (change === undefined) return item
  const metadata = change.metadata ?? item.metadata
  const quantity = change.quantity ?? item.quantity ?? 1
  if (change.price === undefined) return { ...item, quantity, metadata }
  const period = { start: item.current_period_start, end: item.current_period_end }
  const { id, subscription } = item
  const fresh = itemObject({ id, subscription, price: change.price, quantity, period, now: tx.now, metadata })
  return { ...fresh, created: item.created, discounts: item.discounts }
}

const changesInterval = ({ before, after }: Pair): boolean =>
  before !== undefined && after !== undefined && compareLengths(intervalOf(before), intervalOf(after)) !== 0

const sameCost = (a: Item, b: Item): boolean => a.price.id === b.price.id && (a.quantity ?? 1) === (b.quantity ?? 1)

/** A cancellation at the period's end moves with the period. */
export function withItems(subscription: Subscription, items: Item[]): Subscription {
  const changed = { ...subscription, items: { ...subscription.items, data: items } }
  return subscription.cancel_at_period_end ? { ...changed, cancel_at: periodOf(changed).end } : changed
}
