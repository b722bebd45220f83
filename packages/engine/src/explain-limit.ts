/** What makes up a limit: the plan's allowance, what was bought with its receipt, what an operator granted and why, less what was taken back. */
import {
  allowanceOf,
  instantText,
  type Draft,
  type ExplainWire,
  type GrantRow,
  type Instant,
  type Limit,
} from '@headroom/core'
import type pg from 'pg'
import * as codes from './codes.ts'
import { counted, date, entryId, number } from './explain-words.ts'
import { grantColumns, grantRow } from './rows.ts'

type Sentence = ExplainWire['sentences'][number]

interface Purchase {
  addOn: string
  /** How much of the add-on's own meter it brought. */
  quantity: number
  receipt: string | null
}

interface Booked {
  seqs: number[]
  last: Instant
}

/** The sentences' quantities add up to the limit. */
export async function limitSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const period = [workspace, meter, instantText(periodStart)]
  const [grants, booked] = await Promise.all([grantsOf(client, period), bookedFor(client, period)])
  return grants.flatMap(({ grant, purchase }) => {
    const entriesOf = (what: 'given' | 'taken') => booked.get(bookedKey(grant, what))
    const entries = (of: Booked | undefined) => (of?.seqs ?? []).map((seq) => entryId(workspace, seq))
    const given = entries(entriesOf('given'))
    const sentence = (text: string, quantity: Limit, behind: string[]): Sentence => ({
      text,
      figure: 'limit',
      quantity,
      entries: behind,
    })
    const what = origin(draft, grant, purchase)
    const sentences = [sentence(`${what}.`, grant.quantity, given)]
    if (grant.takenBack > 0) {
      const back = entriesOf('taken')
      const text = `${number(grant.takenBack)} of the ${what} taken back${back ? ` on ${date(back.last)}` : ''} after a refund or dispute.`
      sentences.push(sentence(text, -grant.takenBack, entries(back)))
    }
    if (grant.spentBefore > 0) {
      const text = `${number(grant.spentBefore)} of the ${what} spent in the period before.`
      sentences.push(sentence(text, -grant.spentBefore, given))
    }
    return sentences
  })
}

/** A grant in words, such as "1,000 leads bought on 3 Nov 2026, 09:14 UTC (receipt 1234-5678)". */
function origin(draft: Draft, grant: GrantRow, purchase: Purchase | null): string {
  const brought = counted(draft, grant.meter, grant.quantity)
  if (grant.sourceType === 'plan') {
    const { periodStart, periodEnd } = draft.workspace!
    return `${planNow(draft, grant.meter, grant.quantity)}: ${brought} from ${date(periodStart)} to ${date(periodEnd)}`
  }
  const at = `on ${date(grant.grantedAt)}`
  if (purchase !== null) {
    const { addOn, quantity, receipt } = purchase
    const named = receipt === null ? `purchase ${grant.sourceId}` : `receipt ${receipt}`
    if (addOn === grant.meter) return `${brought} bought ${at} (${named})`
    return `${brought} included with ${counted(draft, addOn, quantity)} bought ${at} (${named})`
  }
  const why = grant.reason === null ? '' : `: ${grant.reason}`
  return grant.sourceType === 'operator'
    ? `${brought} granted by an operator ${at}${why}`
    : `${brought} added ${at}${why}`
}

/** A plan that was lowered leaves the larger allowance standing until the period ends (decisions §6). */
function planNow(draft: Draft, meter: string, allowance: Limit): string {
  const { contacts } = draft.subscription
  const plan = contacts === null ? draft.plan.name : `${draft.plan.name} with ${number(contacts)} contacts`
  const own = allowanceOf(draft.plan, contacts, meter) ?? null
  return own === allowance ? plan : `The larger plan this period began or went on with (from the next one on: ${plan})`
}

/** The plan's first, then by date; a purchase's with what was bought. */
async function grantsOf(
  client: pg.ClientBase,
  period: string[],
): Promise<{ grant: GrantRow; purchase: Purchase | null }[]> {
  const { rows } = await client.query<unknown[]>({
    text: `
select ${grantColumns}, p.add_on, (select (l.line->>1)::bigint from jsonb_array_elements(p.brings) l(line) where l.line->>0 = p.add_on), p.receipt_number
  from grants g
  left join purchases p on g.source_type = 1 and p.workspace_id = g.workspace_id and p.id = g.source_id and p.add_on is not null
 where g.workspace_id = $1 and g.meter = $2 and g.period_start = $3
 order by g.source_type, g.granted_at, g.source_id`,
    values: period,
    rowMode: 'array',
  })
  return rows.map((row) => {
    const [addOn, quantity, receipt] = row.slice(10) as [string | null, number | null, string | null]
    return { grant: grantRow(row), purchase: addOn === null || quantity === null ? null : { addOn, quantity, receipt } }
  })
}

/** The plan's entries name the plan, its grant the period: there is one of each in a period. */
const bookedKey = ({ sourceType, sourceId }: Pick<GrantRow, 'sourceType' | 'sourceId'>, what: 'given' | 'taken') =>
  `${what} ${sourceType === 'plan' ? 'plan' : `${sourceType} ${sourceId}`}`

/** What was booked for each source: grants and adjusts, and refunds. */
async function bookedFor(client: pg.ClientBase, period: string[]): Promise<Map<string, Booked>> {
  const { rows } = await client.query<Booked & { type: number; id: string; taken: boolean }>(
    `select source_type as type, case when source_type = 0 then '' else source_id end as id, kind = 8 as taken,
            array_agg(seq order by seq) as seqs, max(at) as last
       from ledger_entries
      where workspace_id = $1 and meter = $2 and at >= $3 and period_start = $3 and kind in (0, 7, 8)
      group by 1, 2, 3`,
    period,
  )
  return new Map(
    rows.map(({ type, id, taken, seqs, last }) => {
      const sourceType = codes.sourceType.word(type) as GrantRow['sourceType']
      return [bookedKey({ sourceType, sourceId: id }, taken ? 'taken' : 'given'), { seqs, last }]
    }),
  )
}
