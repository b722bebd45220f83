/** When a campaign that sends has something to do next. */
import type { Context } from '../context.ts'
import type { Queryable } from '../database.ts'
import type { Job } from '../queue.ts'
import { nextDay, writtenOn } from './capacity.ts'
import type { SendingClock } from './clock.ts'
import { ungatheredCount } from './gather.ts'
import { everyHour, nextOpening, type Schedule } from './schedule.ts'

/**
 * When the next mail may leave, on Headroom's clock: when its recipient is due, the schedule is open and the day has room. Null when
 * nobody waits. One that is written and on its way again is due now.
 */
export async function nextMailAt(
  database: Queryable,
  campaign: { workspaceId: string; campaignId: string },
  { now, schedule, perDay }: { now: Date; schedule: Schedule; perDay: number },
): Promise<Date | null> {
  let { due, open } = await dueOf(database, campaign)
  if (due === null && !open && (await ungatheredCount(database, campaign)).willing === 0) {
    // They may have become recipients between the two looks.
    ;({ due, open } = await dueOf(database, campaign))
    if (due === null && !open) return null
  }
  if (open) return now
  // Just launched: those who will be its recipients are due as soon as they are.
  const from = due !== null && due > now ? due : now
  const isFull = (await writtenOn(database, campaign.workspaceId, from)) >= perDay
  return nextOpening(schedule, isFull ? nextDay(from) : from)
}

async function dueOf(database: Queryable, campaign: { workspaceId: string; campaignId: string }) {
  const { rows } = await database.query<{ due: Date | null; open: boolean }>(
    `select (select min(next_at) from ken.recipients
              where workspace_id = $1 and campaign_id = $2 and next_at is not null) as due,
            exists (select from ken.sends
                     where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'handed')) as open`,
    [campaign.workspaceId, campaign.campaignId],
  )
  return rows[0]!
}

/** How long the job may rest: until the next mail or the next try, at the most `lookSeconds`. */
export async function secondsToRest(
  { database, sendsPerDay }: Context,
  job: Job,
  { clock, lookSeconds }: { clock: SendingClock; lookSeconds: number },
): Promise<number> {
  const { rows } = await database.query<{ schedule: Schedule | null; seconds: number | null }>(
    `select s.schedule,
            (select extract(epoch from min(try_at) - now())::float8 from ken.sends
              where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'handed')) as seconds
       from (select) as one
       left join ken.sendings s on s.workspace_id = $1 and s.campaign_id = $2`,
    [job.workspaceId, job.id],
  )
  const { schedule, seconds } = rows[0]!
  const waits = [lookSeconds, ...(seconds === null ? [] : [seconds])]
  const now = clock.instant()
  const next =
    seconds === null && clock.runs
      ? await nextMailAt(
          database,
          { workspaceId: job.workspaceId, campaignId: job.id },
          { now, schedule: schedule ?? everyHour, perDay: sendsPerDay },
        )
      : null
  if (next) waits.push((next.getTime() - now.getTime()) / 1_000)
  return Math.max(0.05, Math.min(...waits))
}
