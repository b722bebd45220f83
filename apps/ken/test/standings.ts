/** How a workspace stands with its payments, in tests: set through the engine, and what Ken made of it. */
import type { House } from './harness.ts'
import { workspace } from './harness.ts'
import { until } from './houses.ts'

export const days = (count: number) => count * 86_400_000

interface Standing {
  status: 'active' | 'past_due' | 'suspended' | 'trialing'
  graceUntil?: number | null
  /** A trial's end. */
  anchor?: number | null
  of?: string
}

/** As a sync with the payment provider would leave it. */
export async function stand(here: House, { status, graceUntil = null, anchor = null, of }: Standing): Promise<void> {
  const answer = await here.engine.submit({
    op: 'set-plan',
    workspace: of ?? workspace,
    key: null,
    requestId: 'req_test',
    actor: 'test',
    viewer: 'admin',
    plan: 'starter',
    contacts: 1_000,
    interval: null,
    when: 'now',
    anchor,
    status,
    graceUntil,
  })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

export interface MailRow {
  kind: string
  occasion: string
  email: string
  state: string
  attempts: number
}

export async function mailRows(here: House): Promise<MailRow[]> {
  const { rows } = await here.sql.query<MailRow>(
    'select kind, occasion, email, state, attempts from ken.mails order by id',
  )
  return rows
}

/** "payment_failed admin@ken.example", in the order of the alphabet. */
export const sent = async (here: House): Promise<string[]> =>
  (await mailRows(here)).flatMap(({ kind, email, state }) => (state === 'sent' ? [`${kind} ${email}`] : [])).sort()

/** Waits until every mail that was written has come to its end. */
export const settled = (here: House): Promise<void> =>
  until(async () => (await mailRows(here)).every(({ state }) => state !== 'queued'))

/** Waits until Ken has looked at all workspaces again, from beginning to end, and what it wrote has gone out. */
export async function looked(here: House): Promise<void> {
  const fence = async () => {
    const { rows } = await here.sql.query<{ fence: string; resting: boolean }>(
      `select fence, locked_until is null as resting from ken.jobs where id = 'lifecycle'`,
    )
    return rows[0]!
  }
  const { fence: from } = await fence()
  // The round that runs now may have passed by already: the one after it has not.
  await until(async () => Number((await fence()).fence) >= Number(from) + 2 && (await fence()).resting)
  await settled(here)
}

export async function setRole(here: House, email: string, role: string): Promise<void> {
  await here.sql.query(
    `update ken.members set role = $2 where user_id = (select id from auth."user" where email = $1)`,
    [email, role],
  )
}
