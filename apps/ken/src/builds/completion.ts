/**
 * Completing a build: its credit is spent, once, and its campaign is made, once. That somebody is content is one row; all the rest is
 * the job's, statement by statement, each of which can be done again without doing more.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ExceedsReservation, NotFound, ReservationClosed } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import { aiCampaigns, type Context } from '../context.ts'
import { newId, transaction } from '../database.ts'
import { Problem } from '../http/problem.ts'
import type { Member } from '../people/session.ts'
import { mustBeOurs, type Job } from '../queue.ts'
import { writeSequence } from '../sending/sequence.ts'
import { changeBuild, changeOurs, visibleBuild, type Build } from './build-rows.ts'
import type { BuildView } from './build-view.ts'
import { takeList } from '../directory/lists.ts'
import { nextHold } from './holds.ts'
import { NotPrepared } from './making.ts'
import { view } from './show.ts'
import { completing } from './steps.ts'

/** Somebody waits for this; a list of 50,000 takes a few seconds. */
const patienceMs = 25_000

/**
 * Completes a build and answers the campaign it has become; asked again, also at the same time, it answers the same one. Without a
 * credit, when the hold has run out and none is left, the campaign is made all the same, and the build says so.
 */
export async function completeBuild(
  context: Context,
  member: Member,
  id: string,
): Promise<{ build: BuildView; campaignId: string }> {
  const at = await nowOf(context, member.workspace.id)
  await changeBuild(context, member, id, at, (build) => completing(build, newId('cmp')))
  const until = Date.now() + patienceMs
  for (;;) {
    const now = view(await visibleBuild(context.database, member, id))
    if (now.state === 'completed') return { build: now, campaignId: now.campaignId! }
    if (Date.now() > until) {
      const text = 'The campaign is still being made. Look again in a moment.'
      throw new Problem('unavailable', text, { headers: { 'Retry-After': '5' } })
    }
    await pause(100)
  }
}

/** Does what comes next: the credit first, then the campaign with its sequence, then its list, then the end. */
export async function conclude(context: Context, job: Job, build: Build): Promise<void> {
  if (build.holdState === 'held') return spend(context, job, build)
  const at = await nowOf(context, job.workspaceId)
  if (build.holdState === 'ended') {
    await changeOurs(context.database, job, at, (now) => ({ ...now, ...nextHold(now) }))
    return
  }
  await makeCampaign(context, job, build, at)
  const hasList = await makeList(context, build)
  await changeOurs(context.database, job, at, (now) => ({
    ...now,
    state: 'completed',
    completing: false,
    working: null,
    notice: now.holdState === 'lost' ? creditLost : hasList ? null : noList,
  }))
}

/** Told again, Headroom answers the same; a hold that has run out is asked for anew. */
async function spend({ database, headroom }: Context, job: Job, build: Build): Promise<void> {
  const { workspaceId, id, hold, ask } = build
  const note = (state: 'committed' | 'ended') =>
    database.query(
      `update ken.builds set hold_state = $4, revision = revision + 1
        where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'held'`,
      [workspaceId, id, hold, state],
    )
  try {
    await headroom.commit(job.workspaceId, ask.id!, { lines: [{ meter: aiCampaigns, quantity: 1 }] })
    await note('committed')
  } catch (error) {
    const isOver =
      error instanceof ReservationClosed || error instanceof NotFound || error instanceof ExceedsReservation
    if (!isOver) throw error
    await note('ended')
  }
}

async function makeCampaign({ database }: Context, job: Job, build: Build, at: Date): Promise<void> {
  const { workspaceId, campaignId, name, criteria, target, ownerId, id, sequence } = build
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const { rowCount } = await connection.query(
      `insert into ken.campaigns (workspace_id, id, name, criteria, state, owner_id, created_at, build_id, target)
       values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8)
       on conflict do nothing`,
      [workspaceId, campaignId, name, JSON.stringify(criteria), ownerId, at, id, target],
    )
    if (rowCount === 1) await writeSequence(connection, { workspaceId, campaignId: campaignId! }, sequence!)
  })
}

/** Takes the campaign's list from the directory, unless that is done. False when there is none to take. */
async function makeList(context: Context, build: Build): Promise<boolean> {
  const { workspaceId, campaignId, criteria, ownerId } = build
  const { rows } = await context.database.query(
    `select 1 from ken.uploads where workspace_id = $1 and campaign_id = $2 and ready_at is not null limit 1`,
    [workspaceId, campaignId],
  )
  if (rows.length > 0) return true
  // Whoever completed it may have left meanwhile, and the campaign is the owner's: the right was looked at when it was asked for.
  const owner: Member = {
    userId: ownerId,
    name: '',
    email: '',
    workspace: { id: workspaceId, name: '' },
    role: 'editor',
  }
  try {
    await takeList(context, owner, campaignId!, criteria!)
    return true
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'unavailable') throw new NotPrepared(error.message)
    context.log('warn', { build: build.id, error: error.message }, 'a build was completed without a list')
    return false
  }
}

const creditLost: BuildView['notice'] = {
  kind: 'credit_lost',
  text:
    'The AI credit held for this build had ended, and none was left when it was completed. The campaign is kept; ' +
    'it was not counted.',
}

const noList: BuildView['notice'] = {
  kind: 'no_list',
  text: 'The campaign has no list yet: the Leads Database could not give one. Choose a data source in the campaign.',
}
