/** The demo workspace: four people, one campaign, and a plan in Headroom, all made the way any customer would make them. */
import { Mismatch, type Role } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { demoCriteria } from '../campaigns/criteria.ts'
import { subscribeDemo } from './subscription.ts'

export interface DemoLogin {
  role: Role
  name: string
  email: string
  password: string
}

export const demoWorkspace = { id: 'ws_demo', name: 'Demo workspace' }

/** Not secrets: these accounts exist only where demo data is asked for, and the sign-in page offers them by a click. */
export const demoLogins: readonly DemoLogin[] = [
  { role: 'admin', name: 'Ada Admin', email: 'admin@ken.example', password: 'ken-demo-admin' },
  { role: 'editor', name: 'Edda Editor', email: 'editor@ken.example', password: 'ken-demo-editor' },
  { role: 'member', name: 'Mika Member', email: 'member@ken.example', password: 'ken-demo-member' },
  { role: 'viewer', name: 'Vera Viewer', email: 'viewer@ken.example', password: 'ken-demo-viewer' },
]

/**
 * Makes what is missing and leaves the rest as it is; safe to call at every start, also after one that was killed half-way. Throws when
 * Headroom does not answer. Where all is there it costs two statements, and at the most one request.
 */
export async function seedDemo(context: Context): Promise<DemoLogin[]> {
  const { auth, database } = context
  const { id, name } = demoWorkspace
  await database.query('insert into ken.workspaces (id, name) values ($1, $2) on conflict do nothing', [id, name])
  const { rows } = await database.query<{ is_paid: boolean; members: number; campaigns: number }>(
    `select demo_paid_at is not null as is_paid,
            (select count(*) from ken.members where workspace_id = $1)::integer as members,
            (select count(*) from ken.campaigns where workspace_id = $1 and id = 'cmp_demo')::integer as campaigns
       from ken.workspaces where id = $1`,
    [id],
  )
  const there = rows[0]!
  if (!there.is_paid) await ensurePlan(context)
  // Four people are there from an earlier start: then the sign-in library need not be loaded for this.
  if (there.members < demoLogins.length) for (const login of demoLogins) await ensureMember(context, login, auth)
  if (there.campaigns === 0) await ensureCampaign(context)
  return [...demoLogins]
}

/** Where payments are simulated the workspace begins Free and buys its plan; else the plan is set by key. */
async function ensurePlan(context: Context): Promise<void> {
  const { id, name } = demoWorkspace
  const plan = context.payForDemo ? { plan: 'free' } : { plan: 'starter', contacts: 1_000, interval: 'month' as const }
  try {
    await context.headroom.workspaces.create({ id, name, ...plan })
  } catch (error) {
    // It is there and has been changed since: a demo is to be played with.
    if (!(error instanceof Mismatch)) throw error
  }
  await subscribeDemo(context, id).catch((error: unknown) => {
    // A demo without a subscription is better than none; the next start goes on from here.
    context.log('error', { error: String(error) }, 'the demo workspace could not be subscribed')
  })
}

async function ensureCampaign(context: Context): Promise<void> {
  const { id } = demoWorkspace
  await context.database.query(
    `insert into ken.campaigns (workspace_id, id, name, criteria, state, owner_id, created_at)
     select $1, 'cmp_demo', 'Q4 founders', $2, 'draft', m.user_id, $3
       from ken.members m where m.workspace_id = $1 and m.role = 'admin' order by m.created_at limit 1
     on conflict do nothing`,
    [id, JSON.stringify(demoCriteria), await nowOf(context, id)],
  )
}

async function ensureMember({ database }: Context, login: DemoLogin, auth: Context['auth']): Promise<void> {
  const userId = await auth.ensureUser(login)
  await database.query(
    'insert into ken.members (workspace_id, user_id, role) values ($1, $2, $3) on conflict (workspace_id, user_id) do nothing',
    [demoWorkspace.id, userId, login.role],
  )
}
