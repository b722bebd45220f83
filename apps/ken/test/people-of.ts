/** People and their workspaces, in tests. */
import type { Role } from '@headroom/sdk'
import type { House } from './harness.ts'
import { until } from './houses.ts'
import { must, Visitor } from './visitor.ts'

export const goodPassword = 'correct horse battery'

interface SessionBody {
  user: { id: string; name: string; email: string }
  workspace: { id: string; name: string }
  role: Role
  workspaces: { id: string; name: string; role: Role }[]
  notifications: Record<string, boolean>
}

export const sessionOf = async (visitor: Visitor): Promise<SessionBody> =>
  must(await visitor.get<SessionBody>('/api/session'), 200)

/** Somebody who has signed up: the Admin of a workspace of their own, which their requests name. */
export async function signedUp(here: House, name: string, workspace = `${name}’s workspace`): Promise<Visitor> {
  const visitor = new Visitor(here.url)
  const email = emailOf(name)
  must(await visitor.post('/api/signup', { name, email, password: goodPassword, workspace }), 204)
  visitor.workspace = (await sessionOf(visitor)).workspace.id
  return visitor
}

export const emailOf = (name: string): string => `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@people.example`

/** Somebody new who comes in by an invitation of this Admin's. */
export async function joined(admin: Visitor, name: string, role: Role): Promise<Visitor> {
  const { link } = must(await admin.post<{ link: string }>('/api/invitations', { email: emailOf(name), role }), 201)
  const visitor = new Visitor(admin.url)
  must(await visitor.post(`/api/invites/${tokenOf(link)}/accept`, { name, password: goodPassword }), 200)
  visitor.workspace = admin.workspace
  return visitor
}

export const tokenOf = (link: string): string => link.split('/').at(-1)!

export const idOf = async (visitor: Visitor): Promise<string> => (await sessionOf(visitor)).user.id

/**
 * Sends these requests so that all of them have got as far as the lock on the workspace before the first is decided: whatever they
 * looked at earlier, they have all seen the same.
 */
export async function atOnce<Answer>(
  here: House,
  workspaceId: string,
  requests: (() => Promise<Answer>)[],
): Promise<Answer[]> {
  const holder = await here.sql.connect()
  try {
    await holder.query('begin')
    await holder.query('select 1 from ken.workspaces where id = $1 for update', [workspaceId])
    const answers = Promise.all(requests.map((request) => request()))
    await until(async () => {
      const { rowCount } = await here.sql.query(
        `select 1 from pg_stat_activity
          where datname = current_database() and application_name = 'ken' and wait_event_type = 'Lock'
            and query like '%ken.workspaces%'`,
      )
      return rowCount === requests.length
    })
    await holder.query('rollback')
    return await answers
  } finally {
    holder.release()
  }
}
