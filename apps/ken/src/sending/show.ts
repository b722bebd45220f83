/** Reads how a campaign's sending stands. */
import type { Context } from '../context.ts'
import { emailSends } from '../context.ts'
import { nowOf } from '../clock.ts'
import type { Queryable } from '../database.ts'
import { notFound } from '../http/problem.ts'
import { viewerOf } from '../imports/plan.ts'
import { shownState } from '../campaigns/campaigns.ts'
import { isPassing } from '../passing.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'
import { writtenOn } from './capacity.ts'
import { nextMailAt } from './rest.ts'
import { everyHour, type Schedule } from './schedule.ts'
import type { SendingView } from './sending-view.ts'
import { readSequence, type SequenceStep } from './sequence.ts'
import { standingOf, whyNotLaunch } from './standing.ts'

interface Campaign {
  workspaceId: string
  campaignId: string
}

/** All the page shows of it. `sends` asks Headroom and is null while it is away; everything else is Ken's own. */
export async function showSending(context: Context, member: Member, campaignId: string): Promise<SendingView> {
  const { database, sendsPerDay: perDay } = context
  await mustSeeCampaign(database, member, campaignId)
  const campaign = { workspaceId: member.workspace.id, campaignId }
  const now = await nowOf(context, campaign.workspaceId)
  const { state, schedule } = await campaignRow(database, campaign)
  const steps = await readSequence(database, campaign)
  const standing = await standingOf(database, campaign, steps.length)
  const figures = await figuresOf(database, campaign)
  const sentToday = await writtenOn(database, campaign.workspaceId, now)
  const mayLaunch = state !== 'sending' && state !== 'paused' && state !== 'error'
  const whyNot = mayLaunch ? await whyNotLaunch(database, campaign, { steps: steps.length, standing }) : null
  const capacity = { perDay, sentToday, exhausted: sentToday >= perDay }
  const waits = standing.recipients.waiting + standing.recipients.active > 0
  const needed = standing.toWrite + figures.queued
  return {
    state,
    schedule,
    launchable: mayLaunch && whyNot === null,
    whyNot,
    recipients: standing.recipients,
    steps: steps.map((step, index) => stepView(step, index + 1, figures)),
    sent: figures.sent,
    counted: figures.counted,
    queued: figures.queued,
    nextAt:
      state === 'sending'
        ? ((await nextMailAt(database, campaign, { now, schedule, perDay }))?.toISOString() ?? null)
        : null,
    capacity,
    notice: noticeOf({ state, capacity, waits, faulty: figures.faulty }),
    sends: await adviceOn(context, member, needed),
  }
}

async function campaignRow(
  database: Queryable,
  { workspaceId, campaignId }: Campaign,
): Promise<{ state: SendingView['state']; schedule: Schedule }> {
  const { rows } = await database.query<{
    state: Parameters<typeof shownState>[0]
    schedule: Schedule | null
    importing: boolean
  }>(
    `select c.state, s.schedule,
            exists (select from ken.imports i
                     where i.workspace_id = c.workspace_id and i.campaign_id = c.id and i.state in ('queued', 'running')) as importing
       from ken.campaigns c
       left join ken.sendings s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
      where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, campaignId],
  )
  const row = rows[0]
  if (!row) throw notFound()
  return { state: shownState(row.state, row.importing), schedule: row.schedule ?? everyHour }
}

interface Figures {
  sent: number
  counted: number
  queued: number
  /** Mails that could not be handed over when it was last tried. */
  faulty: number
  steps: Map<number, { sent: number; failed: number }>
}

async function figuresOf(database: Queryable, { workspaceId, campaignId }: Campaign): Promise<Figures> {
  const { rows } = await database.query<{ step: number; sent: number; failed: number; queued: number }>(
    `select step, (count(*) filter (where state = 'accepted'))::integer as sent, (count(*) filter (where state = 'failed'))::integer as failed,
            (count(*) filter (where state in ('queued', 'handed')))::integer as queued
       from ken.sends where workspace_id = $1 and campaign_id = $2 group by step`,
    [workspaceId, campaignId],
  )
  const { rows: others } = await database.query<{ uncounted: number; faulty: number }>(
    `select (select count(*) from ken.sends where workspace_id = $1 and campaign_id = $2 and state = 'accepted'
                and counted_at is null)::integer as uncounted,
            (select count(*) from ken.sends where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'handed')
                and fault is not null)::integer as faulty`,
    [workspaceId, campaignId],
  )
  const sum = (figure: 'sent' | 'queued') => rows.reduce((total, row) => total + row[figure], 0)
  const { uncounted, faulty } = others[0]!
  return {
    sent: sum('sent'),
    counted: Math.max(0, sum('sent') - uncounted),
    queued: sum('queued'),
    faulty,
    steps: new Map(rows.map(({ step, sent, failed }) => [step, { sent, failed }])),
  }
}

function stepView({ waitDays, subject }: SequenceStep, step: number, { steps }: Figures): SendingView['steps'][number] {
  return { step, waitDays, subject, ...(steps.get(step) ?? { sent: 0, failed: 0 }) }
}

const number = new Intl.NumberFormat('en-US')

function noticeOf({
  state,
  capacity,
  waits,
  faulty,
}: Pick<SendingView, 'state' | 'capacity'> & { waits: boolean; faulty: number }): SendingView['notice'] {
  if (state === 'error') {
    const text =
      'Sending failed several times at the same place and stands still. What was sent is counted. Resume it to try again.'
    return { kind: 'error', text }
  }
  if (state !== 'sending' || !waits) return null
  if (capacity.exhausted) {
    const text = `Today's sending capacity of ${number.format(capacity.perDay)} emails is used up: the rest goes out from tomorrow (UTC) on. If you need more each day, contact your CSM.`
    return { kind: 'capacity', text }
  }
  if (faulty === 0) return null
  const text = `${number.format(faulty)} ${faulty === 1 ? 'email' : 'emails'} could not be handed to the mail server yet. Ken tries again by itself; nothing is counted twice.`
  return { kind: 'mail_server', text }
}

/** Whether the balance covers the mails that are still to come. */
async function adviceOn({ headroom, log }: Context, member: Member, needed: number): Promise<SendingView['sends']> {
  try {
    const verdict = await headroom
      .as(viewerOf(member))
      .check(member.workspace.id, [{ meter: emailSends, quantity: Math.max(1, needed) }], {
        timeoutMs: 2_000,
        maxRetries: 0,
      })
    return { available: verdict.lines[0]?.available ?? null, needed, verdict }
  } catch (error) {
    if (!isPassing(error)) throw error
    log('warn', { error: String(error) }, 'whether sends are left could not be asked')
    return null
  }
}
