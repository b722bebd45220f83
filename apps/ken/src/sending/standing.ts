/** Whether a campaign can be launched, and how many mails are still to come. */
import type { Queryable } from '../database.ts'
import { ungatheredCount } from './gather.ts'
import { readSequence } from './sequence.ts'

interface Campaign {
  workspaceId: string
  campaignId: string
}

export type Figures = Record<'waiting' | 'active' | 'finished' | 'replied' | 'unsubscribed' | 'failed', number>

export interface Standing {
  /** Recipients by state; contacts that are not recipients yet count as waiting, or as unsubscribed. */
  recipients: Figures & { total: number }
  /** Mails that are still to be written, if nobody answers and nobody says no. */
  toWrite: number
}

export async function standingOf(database: Queryable, campaign: Campaign, steps: number): Promise<Standing> {
  const { rows } = await database.query<{ state: keyof Figures; people: number; mails: number }>(
    `select state, count(*)::integer as people,
            coalesce(sum(greatest(0, $3 - step)) filter (where state in ('waiting', 'active')), 0)::integer as mails
       from ken.recipients where workspace_id = $1 and campaign_id = $2 group by state`,
    [campaign.workspaceId, campaign.campaignId, steps],
  )
  const fresh = await ungatheredCount(database, campaign)
  const recipients = { total: 0, waiting: 0, active: 0, finished: 0, replied: 0, unsubscribed: 0, failed: 0 }
  for (const { state, people } of rows) recipients[state] = people
  recipients.waiting += fresh.willing
  recipients.unsubscribed += fresh.all - fresh.willing
  recipients.total = rows.reduce((sum, { people }) => sum + people, fresh.all)
  return { recipients, toWrite: rows.reduce((sum, { mails }) => sum + mails, fresh.willing * steps) }
}

/** What is missing before a campaign that does not send can be launched; null when nothing is. */
export async function whyNotLaunch(
  database: Queryable,
  campaign: Campaign,
  known?: { steps: number; standing: Standing },
): Promise<string | null> {
  const steps = known?.steps ?? (await readSequence(database, campaign)).length
  if (steps === 0) return 'Write the sequence first.'
  const { recipients } = known?.standing ?? (await standingOf(database, campaign, steps))
  if (recipients.waiting + recipients.active > 0) return null
  const { rowCount } = await database.query(
    `select 1 from ken.imports where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'running') limit 1`,
    [campaign.workspaceId, campaign.campaignId],
  )
  if (rowCount !== 0) return 'Wait for the import to end.'
  if (recipients.total === 0) return 'Import leads first.'
  return 'Everybody in this campaign has got its mails. Import more leads to go on.'
}
