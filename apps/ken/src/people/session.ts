/** Who asks, and what they may: the member behind a session, read anew for every request so that a changed role counts at once. */
import type { Role } from '@headroom/sdk'
import type { Auth } from './auth.ts'
import type { Queryable } from '../database.ts'
import { notFound, Problem } from '../http/problem.ts'

export interface Member {
  userId: string
  name: string
  email: string
  workspace: { id: string; name: string }
  role: Role
}

/** A workspace somebody belongs to, and as what. */
interface Place {
  id: string
  name: string
  role: Role
}

/**
 * The signed-in member, or null; someone without a place in any workspace is as good as signed out. Which of several workspaces: the
 * one X-Workspace names (not a member there: 404, as if there were none), else the one this browser was in last, else the first.
 */
export async function memberOf(auth: Auth, database: Queryable, headers: Headers): Promise<Member | null> {
  const signedIn = await auth.whoIs(headers)
  if (!signedIn) return null
  const places = await placesOf(database, signedIn.user.id)
  const named = headers.get('x-workspace')
  if (named) {
    const place = places.find(({ id }) => id === named)
    if (!place) throw notFound()
    return memberAt(signedIn.user, place)
  }
  return usualMember(signedIn.user, places, lastWorkspace(headers))
}

/** The member who opens a page by its address: `wanted` names the workspace where the address does. */
export async function readerOf(
  auth: Auth,
  database: Queryable,
  headers: Headers,
  wanted: string | null,
): Promise<Member | null> {
  const signedIn = await auth.whoIs(headers)
  if (!signedIn) return null
  return usualMember(signedIn.user, await placesOf(database, signedIn.user.id), wanted ?? lastWorkspace(headers))
}

/** Where somebody belongs, the longest-standing first. */
export async function placesOf(database: Queryable, userId: string): Promise<Place[]> {
  const { rows } = await database.query<Place>(
    `select w.id, w.name, m.role
       from ken.members m
       join ken.workspaces w on w.id = m.workspace_id
      where m.user_id = $1
      order by m.created_at, w.id`,
    [userId],
  )
  return rows
}

function usualMember(user: Person, places: Place[], id: string | null): Member | null {
  const place = places.find((one) => one.id === id) ?? places[0]
  return place ? memberAt(user, place) : null
}

interface Person {
  id: string
  name: string
  email: string
}

const memberAt = ({ id: userId, name, email }: Person, place: Place): Member => ({
  userId,
  name,
  email,
  workspace: { id: place.id, name: place.name },
  role: place.role,
})

/** A preference of the browser, no right: it only chooses among the workspaces somebody belongs to. */
const lastWorkspace = (headers: Headers): string | null =>
  /(?:^|;\s*)ken\.workspace=([A-Za-z0-9_-]{1,100})(?:;|$)/.exec(headers.get('cookie') ?? '')?.[1] ?? null

/** For streams that stay open: still a member there, in the same role. Cheap enough to ask every few seconds. */
export async function stillMember(database: Queryable, { userId, workspace, role }: Member): Promise<boolean> {
  const { rows } = await database.query(
    'select 1 from ken.members where workspace_id = $1 and user_id = $2 and role = $3',
    [workspace.id, userId, role],
  )
  return rows.length > 0
}

/** Campaigns, imports: everyone but those who may only look. Asked before anything else of a request that starts something. */
export function mustWork(member: Member): void {
  if (member.role === 'viewer') {
    throw new Problem(
      'forbidden',
      'Your role is View only: it can look at campaigns and cannot start anything. Ask an Admin.',
    )
  }
}

/** Billing, people, the ledger: Admins alone. */
export function mustBeAdmin(member: Member): void {
  if (member.role !== 'admin') throw new Problem('forbidden', 'Only Admins of the workspace may do that. Ask an Admin.')
}

/** Members have their own campaigns to themselves; everyone else sees all of the workspace. */
export const ownerFilter = (member: Member): string | null => (member.role === 'member' ? member.userId : null)

/** A campaign that is not this member's to see is not there. */
export async function mustSeeCampaign(database: Queryable, member: Member, campaignId: string): Promise<void> {
  const { rows } = await database.query(
    `select 1 from ken.campaigns where workspace_id = $1 and id = $2 and ($3::text is null or owner_id = $3)`,
    [member.workspace.id, campaignId, ownerFilter(member)],
  )
  if (rows.length === 0) throw notFound()
}

/**
 * Refuses a request that changes something and was sent by another site's page. Browsers say where a request comes from in Origin or
 * Sec-Fetch-Site, and no page can change what they say; a caller that sends neither is no browser and has no cookie to abuse.
 */
export function mustBeOurPage(request: Request, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  const ours = [new URL(publicUrl).origin, new URL(request.url).origin]
  const fine = origin === null ? site === null || site === 'same-origin' || site === 'none' : ours.includes(origin)
  if (!fine) throw new Problem('foreign_origin', 'This request came from a page that is not Ken.')
}
