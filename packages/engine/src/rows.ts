/** Rows of the books' tables: their columns in the order in which they are read, and each as core's row. */
import type {
  BalanceRow,
  GrantRow,
  Instant,
  Limit,
  PendingChange,
  ReservationRow,
  SubscriptionRow,
} from '@headroom/core'
import * as codes from './codes.ts'

/** A row as an array, in the order of its columns. */
export type Row = readonly unknown[]

export const reservationColumns = `r.workspace_id, r.id, r.state, r.late, r.period_start, r.created_at, r.expires_at, r.closed_at,
       r.request, r.ending, r.lines, r.reference, r.metadata`
export const balanceColumns = 'b.period_start, b.period_end, b.meter, b."limit", b.used, b.reserved, b.overage'
export const grantColumns = `g.workspace_id, g.source_type, g.source_id, g.meter, g.period_start, g.quantity, g.taken_back,
       g.spent_before, g.granted_at, g.reason`

/** From the columns of a workspace and its subscription, as the statement `books` lists them. */
export function subscriptionRow(row: Row): SubscriptionRow {
  const pending = row[16] as (Omit<PendingChange, 'at'> & { at: number }) | null
  return {
    workspace: row[0] as string,
    name: row[8] as string,
    plan: row[9] as string,
    contacts: row[10] as number | null,
    interval: row[11] as SubscriptionRow['interval'],
    catalog: row[12] as string,
    status: row[13] as SubscriptionRow['status'],
    anchor: row[14] as Instant,
    graceUntil: row[15] as Instant | null,
    pending,
    createdAt: row[17] as Instant,
    request: row[18] as string,
    reference: row[19] as string | null,
    reading: row[20] as number,
  }
}

export function balanceRow(workspace: string, row: Row, from: number): BalanceRow {
  return {
    workspace,
    periodStart: row[from] as Instant,
    periodEnd: row[from + 1] as Instant,
    meter: row[from + 2] as string,
    limit: row[from + 3] as Limit,
    used: row[from + 4] as number,
    reserved: row[from + 5] as number,
    overage: row[from + 6] as number,
  }
}

export function reservationRow(row: Row): ReservationRow {
  const lines = row[10] as [string, number, number, number][]
  return {
    workspace: row[0] as string,
    id: row[1] as string,
    state: codes.state.word(row[2] as number),
    late: row[3] as boolean,
    periodStart: row[4] as Instant,
    createdAt: row[5] as Instant,
    expiresAt: row[6] as Instant,
    closedAt: row[7] as Instant | null,
    request: row[8] as string,
    ending: row[9] as string | null,
    lines: lines.map(([meter, requested, reserved, used]) => ({ meter, requested, reserved, used })),
    reference: row[11] as string | null,
    metadata: row[12] as Record<string, unknown> | null,
  }
}

export function grantRow(row: Row): GrantRow {
  return {
    workspace: row[0] as string,
    sourceType: codes.sourceType.word(row[1] as number) as GrantRow['sourceType'],
    sourceId: row[2] as string,
    meter: row[3] as string,
    periodStart: row[4] as Instant,
    quantity: row[5] as Limit,
    takenBack: row[6] as number,
    spentBefore: row[7] as number,
    grantedAt: row[8] as Instant,
    reason: row[9] as string | null,
  }
}
