/** Who used a meter, and who holds how much of it. */
import { instantText, type Draft, type ExplainWire, type Instant } from '@headroom/core'
import type pg from 'pg'
import * as codes from './codes.ts'
import { counted, date, entryId, named, number, when } from './explain-words.ts'

type Sentence = ExplainWire['sentences'][number]

/** How many are named one by one, the latest first; the rest is summed up in one sentence. */
const namedMost = 10
/** Nobody is named who used less than this part of it: a million mails are one sentence, not ten of a million. */
const namedPart = 100
/** How many entries stand behind a sentence; the ledger has them all. */
const entriesMost = 50

interface User {
  type: number
  id: string
  reference: string | null
  used: number
  first: Instant
  last: Instant
  seqs: number[]
  /** Of all there are, named or not. */
  users: number
}

/** The sentences' quantities add up to what is used. */
export async function useSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const { used: total } = draft.balance(meter)
  if (total === 0) return []
  const { rows } = await client.query<User>(
    `with users as materialized (
       select source_type as type, source_id as id, sum(quantity)::bigint as used, min(at) as first, max(at) as last
         from ledger_entries
        where workspace_id = $1 and meter = $2 and at >= $3 and period_start = $3 and kind in (2, 5, 9)
        group by 1, 2),
     named as (select * from users where used >= $4 order by last desc, id limit $5)
     select (select count(*) from users) as users, n.*, r.reference,
            array(select e.seq from ledger_entries e
                   where e.workspace_id = $1 and e.meter = $2 and e.at between n.first and n.last and e.period_start = $3
                     and e.source_type = n.type and e.source_id = n.id and e.kind in (2, 5, 9)
                   order by e.seq desc limit ${entriesMost}) as seqs
       from (select 1) one
       left join named n on true
       left join reservations r on n.type = 2 and r.workspace_id = $1 and r.id = n.id
      order by n.last desc, n.id`,
    [workspace, meter, instantText(periodStart), Math.ceil(total / namedPart), namedMost],
  )
  const users = rows.filter(({ id }) => id !== null)
  const sentences = users.map((user): Sentence => {
    const text = `${counted(draft, meter, user.used)} used ${by(user)} ${when(user.first, user.last)}.`
    const entries = user.seqs.map((seq) => entryId(workspace, seq))
    return { text, figure: 'used', quantity: user.used, entries }
  })
  const rest = total - users.reduce((sum, { used }) => sum + used, 0)
  if (rest > 0) {
    const others = rows[0]!.users - users.length
    const text = `${counted(draft, meter, rest)} used by ${users.length > 0 ? `${number(others)} more` : `${number(others)} different things`}; the ledger lists them.`
    sentences.push({ text, figure: 'used', quantity: rest, entries: [] })
  }
  return sentences
}

/** Who did not say what it is about has an id of ours, which says nothing to people. */
function by({ type, id, reference }: User): string {
  if (codes.sourceType.word(type) === 'reservation') return `by ${named(reference, 'reservation', id)}`
  return /^use_[A-Za-z0-9_-]{24}$/.test(id) ? 'without a reference' : `by "${id}"`
}

/** The sentences' quantities add up to what is reserved. */
export async function holdSentences(client: pg.ClientBase, draft: Draft, meter: string): Promise<Sentence[]> {
  const { workspace, periodStart } = draft.workspace!
  const { reserved: total } = draft.balance(meter)
  if (total === 0) return []
  const { rows } = await client.query<{
    id: string
    reference: string | null
    held: number
    since: Instant
    seqs: number[]
    holders: number
  }>(
    `with holders as materialized (
       select r.id, r.reference, r.created_at, (l.line->>2)::bigint - (l.line->>3)::bigint as held
         from reservations r cross join lateral jsonb_array_elements(r.lines) l(line)
        where r.workspace_id = $1 and r.state = 0 and r.expires_at > $4 and r.period_start = $3 and l.line->>0 = $2
          and (l.line->>2)::bigint > (l.line->>3)::bigint)
     select h.id, h.reference, h.held, h.created_at as since, (select count(*) from holders) as holders,
            array(select e.seq from ledger_entries e
                   where e.workspace_id = $1 and e.meter = $2 and e.at >= h.created_at and e.period_start = $3
                     and e.source_type = 2 and e.source_id = h.id
                   order by e.seq limit ${entriesMost}) as seqs
       from (select * from holders order by held desc, id limit $5) h
      order by h.held desc, h.id`,
    [workspace, meter, instantText(periodStart), instantText(draft.t), namedMost],
  )
  const sentences = rows.map(({ id, reference, held, since, seqs }): Sentence => {
    const name = named(reference, 'reservation', id)
    const text = `${counted(draft, meter, held)} reserved by ${name} since ${date(since)}.`
    return { text, figure: 'reserved', quantity: held, entries: seqs.map((seq) => entryId(workspace, seq)) }
  })
  const rest = total - rows.reduce((sum, { held }) => sum + held, 0)
  if (rest > 0) {
    const others = number(rows[0]!.holders - rows.length)
    const text = `${counted(draft, meter, rest)} reserved by ${others} more; the list of held reservations names them.`
    sentences.push({ text, figure: 'reserved', quantity: rest, entries: [] })
  }
  return sentences
}
