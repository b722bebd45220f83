/** The rows as the wire shows them. Nothing is decided here. */
import { blockCents, monthlyCents, offeredAddOn } from './catalog.ts'
import type { BalanceRow, EntryRow, GrantRow, ReservationRow, StoredKind } from './books.ts'
import { overageOf } from './booking.ts'
import type { Draft } from './draft.ts'
import { instantText } from './periods.ts'
import { available } from './verdict.ts'
import type { Instant, Limit, MeterId } from './words.ts'
import type {
  BalancesWire,
  BalanceWire,
  EntryWire,
  GrantWire,
  PeriodWire,
  ReservationWire,
  UsageWire,
  WorkspaceWire,
} from './wire.ts'

export const periodWire = (start: Instant, end: Instant): PeriodWire => ({
  start: instantText(start),
  end: instantText(end),
})

export function reservationWire(row: ReservationRow, periodEnd: Instant): ReservationWire {
  return {
    id: row.id,
    workspace: row.workspace,
    state: row.state,
    period: periodWire(row.periodStart, periodEnd),
    createdAt: instantText(row.createdAt),
    expiresAt: instantText(row.expiresAt),
    closedAt: row.closedAt === null ? null : instantText(row.closedAt),
    reference: row.reference,
    metadata: row.metadata,
    late: row.late,
    lines: row.lines.map(({ meter, requested, reserved, used }) => ({
      meter,
      requested,
      reserved,
      used,
      returned: row.state === 'held' ? 0 : Math.max(0, reserved - used),
    })),
  }
}

export function balanceWire(row: BalanceRow): BalanceWire {
  const { meter, limit, used, reserved, overage } = row
  return {
    meter,
    period: periodWire(row.periodStart, row.periodEnd),
    limit,
    used,
    reserved,
    available: available(row),
    overage,
  }
}

/** The running period's balances, of the meters named or of all. */
export function balancesWire(draft: Draft, meters?: MeterId[]): BalancesWire {
  const named = meters ?? draft.meters.map((meter) => meter.id)
  return {
    workspace: draft.workspace!.workspace,
    asOf: instantText(draft.t),
    balances: named.map((meter) => balanceWire(draft.balance(meter))),
  }
}

export function workspaceWire(draft: Draft): WorkspaceWire {
  const { workspace, name, plan, contacts, interval, anchor, createdAt } = draft.subscription
  return {
    id: workspace,
    name,
    plan,
    contacts,
    interval,
    status: draft.status,
    anchor: instantText(anchor),
    createdAt: instantText(createdAt),
  }
}

/** The whole Billing card. The price is the catalog's, labelled predicted: only Stripe knows what is billed (acceptance 22). */
export function usageWire(draft: Draft): UsageWire {
  const { catalog, plan, subscription, workspace } = draft
  const { contacts, interval, pending, graceUntil } = subscription
  const { periodStart, periodEnd } = workspace!
  return {
    workspace: subscription.workspace,
    plan: {
      id: plan.id,
      name: plan.name,
      description: plan.description,
      interval,
      contacts,
      status: draft.status,
      pendingChange: pending && { ...pending, at: instantText(pending.at) },
      subscribed: subscription.reference !== null,
      graceUntil: graceUntil === null ? null : instantText(graceUntil),
    },
    price: {
      monthlyCents: monthlyCents(catalog, plan, contacts, interval),
      currency: catalog.currency,
      source: 'predicted',
      billed: interval === 'year' ? 'yearly' : 'monthly',
    },
    period: periodWire(periodStart, periodEnd),
    asOf: instantText(draft.t),
    meters: catalog.meters.map((meter) => {
      const balance = draft.balance(meter.id)
      const { limit, used, reserved, overage } = balance
      const { id, label, unit, units, counted } = meter
      const addOn = offeredAddOn(catalog, plan, id, limit)?.id ?? null
      return {
        meter: id,
        label,
        unit,
        units,
        counted,
        used,
        reserved,
        limit,
        available: available(balance),
        overage,
        addOn,
      }
    }),
    addOns: catalog.addOns
      .filter((addOn) => offeredAddOn(catalog, plan, addOn.id, draft.balance(addOn.id).limit))
      .map((addOn) => ({
        id: addOn.id,
        blockSize: addOn.blockSize,
        blockCents: blockCents(addOn, plan),
        currency: catalog.currency,
        brings: addOn.brings,
      })),
  }
}

export function grantWire(row: GrantRow, periodEnd: Instant): GrantWire {
  return {
    id: row.sourceId,
    workspace: row.workspace,
    meter: row.meter,
    quantity: row.quantity ?? 0,
    reason: row.reason ?? '',
    period: periodWire(row.periodStart, periodEnd),
    createdAt: instantText(row.grantedAt),
  }
}

/** Which figure a kind moves, and which way: the sums of change rebuild every balance. */
const directions: Record<StoredKind, { limit?: 1 | -1; used?: 1; reserved?: 1 | -1 }> = {
  grant: { limit: 1 },
  adjust: { limit: 1 },
  refund: { limit: -1 },
  reserve: { reserved: 1 },
  commit: { reserved: -1, used: 1 },
  commit_late: { used: 1 },
  release: { reserved: -1 },
  expire: { reserved: -1 },
  use: { used: 1 },
  lapse: {},
}

export function entryWire(row: EntryRow): EntryWire {
  const direction = directions[row.kind]
  const n = row.quantity ?? 0
  const used = n * (direction.used ?? 0)
  const reserved = n * (direction.reserved ?? 0)
  const limit: Limit = direction.limit === undefined ? 0 : row.quantity === null ? null : n * direction.limit
  const after = { limit: row.limitAfter, used: row.usedAfter, reserved: row.reservedAfter }
  return {
    id: `led_${row.workspace}_${row.seq}`,
    seq: row.seq,
    at: instantText(row.at),
    meter: row.meter,
    period: instantText(row.periodStart),
    kind: row.kind === 'commit_late' ? 'commit' : row.kind,
    quantity: row.quantity,
    change: { limit, used, reserved, overage: row.overageChange },
    after: { ...after, overage: overageOf(after) },
    source: { type: row.sourceType, id: row.sourceId },
    actor: row.actor,
  }
}
