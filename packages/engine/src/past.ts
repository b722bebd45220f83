import {
  available,
  instantText,
  overageOf,
  periodAt,
  periodWire,
  type BalancesWire,
  type BalanceWire,
  type Instant,
  type Limit,
} from '@headroom/core'
import type pg from 'pg'
import type { Reader } from './reader.ts'

/**
 * The balances at a past instant, from the ledger: the figures after the last entry of each meter at or before it, in the period
 * that held it. A month nobody touched has no rows: it was the plan's allowance, untouched.
 */
export async function balancesAt(
  reader: Reader,
  workspace: string,
  at: Instant,
): Promise<BalancesWire | 'out_of_range' | undefined> {
  return reader.snapshot(async (client) => {
    const draft = await reader.draft(client, workspace)
    if (!draft) return undefined
    const { createdAt, anchor } = draft.subscription
    const order = draft.meters.map(({ id }) => id)
    const inOrder = (rows: BalanceWire[]) => rows.toSorted((a, b) => order.indexOf(a.meter) - order.indexOf(b.meter))
    if (at < createdAt || at > draft.t) return 'out_of_range'
    const asOf = instantText(at)
    const periods = await client.query<{ start: Instant; end: Instant }>(
      `select distinct period_start as start, period_end as "end" from balances where workspace_id = $1 order by 1`,
      [workspace],
    )
    const before = periods.rows.findLast(({ start }) => start <= at) ?? periods.rows[0]!
    if (at < before.end) {
      return { workspace, asOf, balances: inOrder(await balancesIn(client, workspace, before, at)) }
    }
    const next = periods.rows.find(({ start }) => start > at)
    const { start, end } = periodAt(anchor, at)
    const period = periodWire(Math.max(start, before.end), Math.min(end, next?.start ?? end))
    const opening = next ? await openingOf(client, workspace, next.start) : []
    return { workspace, asOf, balances: inOrder(opening.map((row) => ({ ...row, period }))) }
  })
}

async function balancesIn(
  client: pg.ClientBase,
  workspace: string,
  { start, end }: { start: Instant; end: Instant },
  at: Instant,
): Promise<BalanceWire[]> {
  const { rows } = await client.query<{ meter: string; limit: Limit; used: number | null; reserved: number }>(
    `select b.meter, e.limit_after as "limit", e.used_after as used, e.reserved_after as reserved
       from balances b
       left join lateral (select * from ledger_entries e
                           where e.workspace_id = b.workspace_id and e.meter = b.meter and e.at <= $3 and e.period_start = $2
                           order by e.at desc, e.seq desc
                           limit 1) e on true
      where b.workspace_id = $1 and b.period_start = $2
      order by b.meter`,
    [workspace, instantText(start), instantText(at)],
  )
  const period = periodWire(start, end)
  // A meter without entries was opened with an allowance of 0.
  return rows.map(({ meter, limit, used, reserved }) =>
    wire(meter, period, used === null ? 0 : limit, used ?? 0, used === null ? 0 : reserved),
  )
}

/** What each meter opened a period with: its limit, and nothing used of it. */
export async function openingOf(client: pg.ClientBase, workspace: string, start: Instant): Promise<BalanceWire[]> {
  const { rows } = await client.query<{ meter: string; limit: Limit; opened: boolean }>(
    `select b.meter, e.limit_after as "limit", e.seq is not null as opened
       from balances b
       left join lateral (select * from ledger_entries e
                           where e.workspace_id = b.workspace_id and e.meter = b.meter and e.at = $2 and e.period_start = $2
                           order by e.seq
                           limit 1) e on true
      where b.workspace_id = $1 and b.period_start = $2
      order by b.meter`,
    [workspace, instantText(start)],
  )
  const period = periodWire(start, start)
  return rows.map(({ meter, limit, opened }) => wire(meter, period, opened ? limit : 0, 0, 0))
}

function wire(meter: string, period: BalanceWire['period'], limit: Limit, used: number, reserved: number): BalanceWire {
  const figures = { limit, used, reserved }
  return { meter, period, ...figures, available: available(figures), overage: overageOf(figures) }
}
