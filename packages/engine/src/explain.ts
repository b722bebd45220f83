import {
  allowanceOf,
  available,
  balanceWire,
  instantText,
  meterOf,
  type Draft,
  type ExplainWire,
  type Instant,
  type Limit,
} from '@headroom/core'
import type pg from 'pg'
import { grantColumns, grantRow } from './rows.ts'
import type { Reader } from './reader.ts'
import * as codes from './codes.ts'

type Sentence = ExplainWire['sentences'][number]

/** How many users of a meter are named one by one; the rest is summed up in one sentence. */
const namedMost = 20

/** Why a balance is what it is: what the plan allows, what was added, who used and who holds how much, and what follows. */
export async function explain(
  reader: Reader,
  workspace: string,
  meter: string,
): Promise<ExplainWire | 'unknown_meter' | undefined> {
  return reader.snapshot(async (client) => {
    const draft = await reader.draft(client, workspace)
    if (!draft) return undefined
    if (!meterOf(draft.catalog, meter)) return 'unknown_meter'
    const [grants, uses, holds] = await Promise.all([
      grantSentences(client, draft, meter),
      useSentences(client, draft, meter),
      holdSentences(client, draft, meter),
    ])
    const balance = balanceWire(draft.balance(meter))
    return { meter, balance, sentences: [...grants, ...uses, ...holds, conclusion(draft, meter)] }
  })
}

const number = (n: number): string => n.toLocaleString('en-US')
const date = (at: Instant): string =>
  new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  }) + ' UTC'

function counted(draft: Draft, meter: string, quantity: Limit): string {
  if (quantity === null) return `unlimited ${meterOf(draft.catalog, meter)!.units}`
  const { unit, units } = meterOf(draft.catalog, meter)!
  return `${number(quantity)} ${quantity === 1 ? unit : units}`
}

const entryId = (workspace: string, seq: number): string => `led_${workspace}_${seq}`

async function grantSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const { rows } = await client.query<unknown[]>({
    text: `
select ${grantColumns},
       array(select e.seq from ledger_entries e
              where e.workspace_id = g.workspace_id and e.meter = g.meter and e.at >= g.period_start and e.period_start = g.period_start
                and e.kind in (0, 7, 8)
                and case when g.source_type = 0 then e.source_type = 0 else e.source_type = g.source_type and e.source_id = g.source_id end
              order by e.seq)
  from grants g
 where g.workspace_id = $1 and g.meter = $2 and g.period_start = $3
 order by g.source_type, g.granted_at, g.source_id`,
    values: [workspace, meter, instantText(periodStart)],
    rowMode: 'array',
  })
  const sentences: Sentence[] = []
  for (const row of rows) {
    const grant = grantRow(row)
    const entries = (row[10] as number[]).map((seq) => entryId(workspace, seq))
    const brought = counted(draft, meter, grant.quantity)
    if (grant.sourceType === 'plan') {
      const when = `from ${date(periodStart)} to ${date(draft.workspace!.periodEnd)}`
      const text = `${planNow(draft, meter, grant.quantity)}: ${brought} ${when}.`
      sentences.push({ text, quantity: grant.quantity, entries })
      continue
    }
    const by =
      grant.sourceType === 'purchase'
        ? `by purchase ${grant.sourceId}`
        : `by an operator (${grant.reason ?? grant.sourceId})`
    sentences.push({
      text: `${brought} ${grant.quantity === 1 ? 'was' : 'were'} added on ${date(grant.grantedAt)} ${by}.`,
      quantity: grant.quantity,
      entries,
    })
    if (grant.takenBack > 0) {
      sentences.push({
        text: `${number(grant.takenBack)} of them were taken back by a refund.`,
        quantity: -grant.takenBack,
        entries,
      })
    }
    if (grant.spentBefore > 0) {
      const text = `${number(grant.spentBefore)} of them were spent in the period before.`
      sentences.push({ text, quantity: -grant.spentBefore, entries })
    }
  }
  return sentences
}

/** A plan that was lowered leaves the larger allowance standing until the period ends (decisions §6). */
function planNow(draft: Draft, meter: string, allowance: Limit): string {
  const { contacts } = draft.subscription
  const plan = contacts === null ? draft.plan.name : `${draft.plan.name} with ${number(contacts)} contacts`
  const own = allowanceOf(draft.plan, contacts, meter) ?? null
  return own === allowance ? plan : `The larger plan this period began or went on with (from the next one on: ${plan})`
}

async function useSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const { rows } = await client.query<{
    type: number
    id: string
    used: number
    first: Instant
    last: Instant
    seqs: number[]
    sources: number
    total: number
  }>(
    `select source_type as type, source_id as id, sum(quantity)::bigint as used, min(at) as first, max(at) as last,
            (array_agg(seq order by seq desc))[1:50] as seqs,
            count(*) over () as sources, (sum(sum(quantity)) over ())::bigint as total
       from ledger_entries
      where workspace_id = $1 and meter = $2 and at >= $3 and period_start = $3 and kind in (2, 5, 9)
      group by 1, 2
      order by used desc, last desc
      limit $4`,
    [workspace, meter, instantText(periodStart), namedMost],
  )
  const sentences = rows.map(({ type, id, used, first, last, seqs }): Sentence => {
    const when = first === last ? `on ${date(first)}` : `from ${date(first)} to ${date(last)}`
    const who = codes.sourceType.word(type) === 'reservation' ? `reservation ${id}` : id
    const text = `${counted(draft, meter, used)} ${used === 1 ? 'was' : 'were'} used by ${who} ${when}.`
    return { text, quantity: used, entries: seqs.map((seq) => entryId(workspace, seq)) }
  })
  const named = rows.reduce((sum, { used }) => sum + used, 0)
  const rest = (rows[0]?.total ?? 0) - named
  if (rest > 0) {
    const text = `${number(rest)} more were used by ${number(rows[0]!.sources - rows.length)} others; the ledger lists them.`
    sentences.push({ text, quantity: rest, entries: [] })
  }
  return sentences
}

async function holdSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const { rows } = await client.query<{
    id: string
    reference: string | null
    held: number
    since: Instant
    until: Instant
    seqs: number[]
  }>(
    `select r.id, r.reference, (l.line->>2)::bigint - (l.line->>3)::bigint as held, r.created_at as since, r.expires_at as until,
            array(select e.seq from ledger_entries e
                   where e.workspace_id = r.workspace_id and e.meter = $2 and e.at >= r.created_at and e.period_start = r.period_start
                     and e.source_type = 2 and e.source_id = r.id
                   order by e.seq limit 50) as seqs
       from reservations r cross join lateral jsonb_array_elements(r.lines) l(line)
      where r.workspace_id = $1 and r.state = 0 and r.expires_at > $4 and r.period_start = $3 and l.line->>0 = $2
        and (l.line->>2)::bigint > (l.line->>3)::bigint
      order by held desc, r.id
      limit 50`,
    [workspace, meter, instantText(periodStart), instantText(draft.t)],
  )
  const sentences = rows.map(({ id, reference, held, since, until, seqs }): Sentence => {
    const name = reference === null ? id : `${id} (${reference})`
    const text = `${counted(draft, meter, held)} ${held === 1 ? 'is' : 'are'} reserved by ${name} since ${date(since)}, until ${date(until)} at the latest.`
    return { text, quantity: held, entries: seqs.map((seq) => entryId(workspace, seq)) }
  })
  const rest = draft.balance(meter).reserved - rows.reduce((sum, { held }) => sum + held, 0)
  if (rest > 0) {
    const text = `${number(rest)} more are reserved by others; the list of held reservations names them.`
    sentences.push({ text, quantity: rest, entries: [] })
  }
  return sentences
}

function conclusion(draft: Draft, meter: string): Sentence {
  const balance = draft.balance(meter)
  const { limit, used, reserved, overage } = balance
  const left = available(balance)
  if (limit === null || left === null) {
    return { text: `${number(used)} used. There is no limit, so nothing can run out.`, quantity: null, entries: [] }
  }
  const sum = `${number(limit)} limit − ${number(used)} used − ${number(reserved)} reserved`
  const over = overage > 0 ? `, which is ${number(overage)} over the limit` : ''
  return { text: `${counted(draft, meter, left)} left: ${sum}${over}.`, quantity: left, entries: [] }
}
