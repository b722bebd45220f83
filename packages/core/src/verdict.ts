/** May this start, how many, and if not, what then (decisions §8). The only place that says no to a gated operation. */
import { blockCents, offeredAddOn } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Reason } from './errors.ts'
import { instantText } from './periods.ts'
import { mostBlocks } from './purchases.ts'
import { maxFigure, maxQuantity, type Limit, type Line, type MeterId, type Role } from './words.ts'
import type { ActionWire, VerdictLineWire, VerdictWire } from './wire.ts'
import type { BalanceRow } from './books.ts'

/** limit − used − reserved, never below 0; null when unlimited (acceptance 72, 148). Computed here, stored nowhere. */
export const available = ({ limit, used, reserved }: Pick<BalanceRow, 'limit' | 'used' | 'reserved'>): Limit =>
  limit === null ? null : Math.max(0, limit - used - reserved)

const billingPage = '/settings/billing'

/**
 * What is wrong with the lines of a request, by path; empty when they are well-formed for this workspace's catalog.
 * What a reservation holds already is known, even when the catalog has dropped the meter since.
 */
export function lineFaults(
  draft: Draft,
  lines: readonly Line[],
  least = 1,
  held: readonly { meter: MeterId }[] = [],
): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = []
  if (lines.length > 20) faults.push({ path: 'lines', message: 'must be at most 20' })
  for (let index = 0; index < lines.length; index++) {
    const { meter, quantity } = lines[index]!
    if (!isKnown(draft, meter, held)) {
      faults.push({ path: `lines.${index}.meter`, message: `"${meter}" is not one of this catalog's meters` })
    } else if (isNamedBefore(lines, index)) {
      faults.push({ path: `lines.${index}.meter`, message: `"${meter}" is named twice` })
    }
    if (!isCountable(quantity, least)) {
      const message = `must be a whole number from ${least} to ${maxQuantity}`
      faults.push({ path: `lines.${index}.quantity`, message })
    } else if (!staysExact(draft, meter, quantity)) {
      faults.push({ path: `lines.${index}.quantity`, message: 'would count beyond what can be counted exactly' })
    }
  }
  return faults
}

function isNamedBefore(lines: readonly Line[], index: number): boolean {
  for (let before = 0; before < index; before++) if (lines[before]!.meter === lines[index]!.meter) return true
  return false
}

const isKnown = (draft: Draft, meter: MeterId, held: readonly { meter: MeterId }[]): boolean =>
  draft.meters.some(({ id }) => id === meter) || held.some((line) => line.meter === meter)

const isCountable = (quantity: number, least: number): boolean =>
  Number.isInteger(quantity) && quantity >= least && quantity <= maxQuantity

function staysExact(draft: Draft, meter: MeterId, quantity: number): boolean {
  const { used, reserved } = draft.balance(meter)
  return used + reserved + quantity <= maxFigure
}

/** The verdict on lines that are well-formed; it changes nothing. */
export function judge(draft: Draft, lines: readonly Line[], viewer: Role): VerdictWire {
  const barred = barredBy(draft)
  const judged = lines.map(({ meter, quantity }): VerdictLineWire => {
    const balance = draft.balance(meter)
    const left = available(balance)
    return { meter, requested: quantity, available: left, limit: balance.limit, maxAllowed: barred ? 0 : left }
  })
  const short = judged.filter((line) => line.available !== null && line.requested > line.available)
  const reason: Reason =
    barred ??
    (short.length === 0 ? 'ok' : short.some((line) => notInPlan(draft, line)) ? 'meter_not_in_plan' : 'limit_reached')
  const resetsAt = instantText(draft.workspace!.periodEnd)
  const actions = reason === 'ok' ? [] : barred ? wayOut(lines, viewer) : waysOn(draft, short, viewer, resetsAt)
  return { allowed: reason === 'ok', reason, resetsAt, lines: judged, actions }
}

/** Why this workspace may start nothing at all, or null. */
export function barredBy(draft: Draft): 'workspace_suspended' | 'payment_overdue' | null {
  if (draft.status === 'suspended') return 'workspace_suspended'
  return draft.status === 'overdue' ? 'payment_overdue' : null
}

const notInPlan = (draft: Draft, { meter, limit }: VerdictLineWire): boolean =>
  limit === 0 && !(meter in draft.plan.allowances)

function wayOut(lines: readonly Line[], viewer: Role): ActionWire[] {
  const { meter } = lines[0]!
  if (viewer !== 'admin') return [{ kind: 'ask_admin', label: 'Ask an Admin', meter }]
  return [{ kind: 'manage_plan', label: 'Manage Plan', meter, href: billingPage }]
}

function waysOn(draft: Draft, short: VerdictLineWire[], viewer: Role, resetsAt: string): ActionWire[] {
  const actions: ActionWire[] = short.map((line) => callToAction(draft, line, viewer))
  for (const { meter, maxAllowed } of short) {
    if (maxAllowed) actions.push({ kind: 'lower_quantity', label: 'Lower the quantity', meter, quantity: maxAllowed })
  }
  if (!short.every((line) => notInPlan(draft, line))) {
    actions.push({ kind: 'wait_until', label: 'Wait for the next period', meter: short[0]!.meter, at: resetsAt })
  }
  return actions
}

/** The inline one: by plan for an Admin (acceptance 93-96), "Ask an Admin" for everyone else (acceptance 11). */
function callToAction(draft: Draft, line: VerdictLineWire, viewer: Role): ActionWire {
  const { meter, requested, available: left, limit } = line
  if (viewer !== 'admin') return { kind: 'ask_admin', label: 'Ask an Admin', meter }
  const { plan, catalog } = draft
  const addOn = offeredAddOn(catalog, plan, meter, limit)
  const perBlock = addOn?.brings.find((brought) => brought.meter === meter)?.quantity
  if (plan.atLimit === 'upgrade_plan' || notInPlan(draft, line) || !addOn || !perBlock) {
    return { kind: 'upgrade_plan', label: 'Upgrade plan', meter, href: billingPage }
  }
  const blocks = Math.min(mostBlocks, Math.ceil((requested - (left ?? 0)) / perBlock))
  const totalCents = blocks * blockCents(addOn, plan)
  const { currency } = catalog
  return {
    kind: 'buy_credits',
    label: 'Buy credits',
    meter,
    addOn: addOn.id,
    blocks,
    totalCents,
    currency,
    href: billingPage,
  }
}
