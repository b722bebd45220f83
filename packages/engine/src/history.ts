import { instantText, periodAt, periodWire, type HistoryWire, type Instant, type Limit } from '@headroom/core'
import type pg from 'pg'
import { openingOf } from './past.ts'
import type { Reader } from './reader.ts'

/** How many periods are told, the running one included. */
const periodsMost = 12

type Told = HistoryWire['data'][number]

/**
 * What was used of each meter (or of the one named) in each of the last twelve periods, newest first, and day by day in the running
 * one. A period's figures are its balances; a month nobody touched has no rows: it was the plan's allowance, untouched.
 */
export async function history(
  reader: Reader,
  workspace: string,
  meter: string | undefined,
): Promise<HistoryWire | undefined> {
  return reader.snapshot(async (client) => {
    const draft = await reader.draft(client, workspace)
    if (!draft) return undefined
    const meters = draft.meters.map(({ id }) => id).filter((id) => meter === undefined || id === meter)
    const { periodStart } = draft.workspace!
    const [periods, days] = await Promise.all([
      periodsOf(client, workspace, draft.subscription.anchor),
      daysOf(client, workspace, meters, periodStart, draft.t),
    ])
    const data = meters.flatMap((id) =>
      periods.map(({ period, figures }, index): Told => {
        const { limit, used } = figures.get(id) ?? { limit: 0, used: 0 }
        return { meter: id, period, limit, used, days: index === 0 ? days.get(id)! : [] }
      }),
    )
    return { data }
  })
}

interface Period {
  period: Told['period']
  figures: Map<string, { limit: Limit; used: number }>
}

/** The newest first; gaps between the periods that have rows are filled month by month, with what the next one opened with. */
async function periodsOf(client: pg.ClientBase, workspace: string, anchor: Instant): Promise<Period[]> {
  const { rows } = await client.query<{
    start: Instant
    end: Instant
    balances: { meter: string; limit: Limit; used: number }[]
  }>(
    `select period_start as start, period_end as "end", jsonb_agg(jsonb_build_object('meter', meter, 'limit', "limit", 'used', used)) as balances
       from balances where workspace_id = $1
      group by 1, 2 order by 1 desc limit $2`,
    [workspace, periodsMost],
  )
  const periods: Period[] = []
  for (const { start, end, balances } of rows) {
    const newer = periods.at(-1)
    if (newer && Date.parse(newer.period.start) > end) {
      periods.push(...(await untouched(client, workspace, anchor, { from: end, until: newer.period.start })))
    }
    const figures = new Map(balances.map(({ meter, limit, used }) => [meter, { limit, used }]))
    periods.push({ period: periodWire(start, end), figures })
  }
  return periods.slice(0, periodsMost)
}

async function untouched(
  client: pg.ClientBase,
  workspace: string,
  anchor: Instant,
  { from, until }: { from: Instant; until: string },
): Promise<Period[]> {
  let end = Date.parse(until)
  const opening = await openingOf(client, workspace, end)
  const figures = new Map(opening.map(({ meter, limit }) => [meter, { limit, used: 0 }]))
  const periods: Period[] = []
  while (end > from && periods.length < periodsMost) {
    const start = Math.max(from, periodAt(anchor, end - 1).start)
    periods.push({ period: periodWire(start, end), figures })
    end = start
  }
  return periods
}

const day = 86_400_000

/**
 * By UTC date, from the period's first to today's, zeros included: what stood after a day's last entry less what stood before it. One
 * look into the ledger's key for each day and meter, however many entries the day has.
 */
async function daysOf(
  client: pg.ClientBase,
  workspace: string,
  meters: string[],
  start: Instant,
  now: Instant,
): Promise<Map<string, Told['days']>> {
  const first = Math.floor(start / day) * day
  const starts = Array.from({ length: Math.floor((now - first) / day) + 1 }, (_, index) => first + index * day)
  const { rows } = await client.query<{ meter: string; totals: number[] }>(
    `select m.meter, jsonb_agg(coalesce(e.used_after, 0) order by d."end") as totals
       from unnest($3::text[]) m(meter) cross join unnest($4::timestamptz[]) d("end")
       left join lateral (select e.used_after from ledger_entries e
                           where e.workspace_id = $1 and e.meter = m.meter and e.at >= $2 and e.at < d."end" and e.period_start = $2
                           order by e.at desc, e.seq desc
                           limit 1) e on true
      group by 1`,
    [workspace, instantText(start), meters, starts.map((at) => instantText(at + day))],
  )
  return new Map(
    rows.map(({ meter, totals }) => [
      meter,
      starts.map((at, index) => ({
        date: instantText(at).slice(0, 10),
        used: totals[index]! - (totals[index - 1] ?? 0),
      })),
    ]),
  )
}
