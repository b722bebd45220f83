/** The recipients of a campaign, as its page lists them. */
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'
import { everyHour, nextOpening, type Schedule } from './schedule.ts'
import type { RecipientState, RecipientView } from './sending-view.ts'

export const recipientStates: readonly RecipientState[] = [
  'waiting',
  'active',
  'finished',
  'replied',
  'unsubscribed',
  'failed',
]

const pageSize = 50
const longestReply = 280

interface Row {
  id: string
  name: string | null
  email: string
  company: string | null
  state: RecipientState
  step: number
  next_at: Date | null
  last_sent_at: Date | null
  reason: string | null
  reply: string | null
  schedule: Schedule | null
}

/** One page of them in the order of their imports; of one state, or all. */
export async function listRecipients(
  { database }: Context,
  member: Member,
  campaignId: string,
  { state, cursor }: { state: RecipientState | null; cursor: string | null },
): Promise<{ data: RecipientView[]; nextCursor: string | null }> {
  await mustSeeCampaign(database, member, campaignId)
  const workspaceId = member.workspace.id
  if (cursor !== null) {
    const { rowCount } = await database.query(
      'select 1 from ken.recipients where workspace_id = $1 and campaign_id = $2 and id = $3',
      [workspaceId, campaignId, cursor],
    )
    if (rowCount === 0) {
      throw new Problem('invalid_request', 'This cursor is not from this list.', {
        errors: [{ path: 'cursor', message: 'Unknown cursor.' }],
      })
    }
  }
  const { rows } = await database.query<Row>(
    `select r.id, c.contact ->> 'name' as name, c.contact ->> 'email' as email, c.contact ->> 'company' as company,
            r.state, r.step, r.next_at, r.last_sent_at, r.reason, s.schedule,
            (select a.text from ken.replies a
              where a.workspace_id = r.workspace_id and a.recipient_id = r.id order by a.id limit 1) as reply
       from ken.recipients r
       join ken.contacts c on c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row
       left join ken.sendings s on s.workspace_id = r.workspace_id and s.campaign_id = r.campaign_id
      where r.workspace_id = $1 and r.campaign_id = $2 and ($3::text is null or r.state = $3)
        and ($4::text is null or (r.import_id, r.row) >
              (select import_id, row from ken.recipients where workspace_id = $1 and id = $4))
      order by r.import_id, r.row
      limit $5`,
    [workspaceId, campaignId, state, cursor, pageSize + 1],
  )
  const data = rows.slice(0, pageSize).map(view)
  return { data, nextCursor: rows.length > pageSize ? data.at(-1)!.id : null }
}

function view({ id, name, email, company, state, step, reason, reply, ...row }: Row): RecipientView {
  const next = row.next_at && nextOpening(row.schedule ?? everyHour, row.next_at)
  return {
    id,
    name,
    email,
    company,
    state,
    step,
    nextAt: next?.toISOString() ?? null,
    lastSentAt: row.last_sent_at?.toISOString() ?? null,
    reason,
    reply: reply === null ? null : shortened(reply),
  }
}

function shortened(text: string): string {
  const letters = Array.from(text.trim().replaceAll(/\s+/g, ' '))
  return letters.length > longestReply ? `${letters.slice(0, longestReply).join('')}…` : letters.join('')
}
