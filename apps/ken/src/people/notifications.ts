/** Mails about what goes on in a workspace. Each person chooses which kinds they get; the rest come whatever they chose. */
import type { Context } from '../context.ts'
import type { Letter } from '../mail/letter.ts'
import { writeMail, type MailKind, type Person } from '../mail/mails.ts'
import type { Member } from './session.ts'

/** What can be switched off, each person for each of their workspaces, in the order the profile page shows. */
export const notificationKinds = ['import_finished', 'campaign_completed', 'reply_received', 'credits_low'] as const
type NotificationKind = (typeof notificationKinds)[number]

export interface Notice {
  workspaceId: string
  kind: MailKind
  /** Tells two of a kind apart: the id of the import that finished, the end of the period. */
  occasion: string
  /** Ids of members, or everyone who is an Admin now. */
  to: string[] | 'admins'
  letter: Letter
  /** On Headroom's clock: see clock.ts. */
  at: string
}

/**
 * Writes a mail to each recipient who is still a member and has not switched its kind off, and sends it soon. Once for each kind,
 * occasion and recipient: asked again it writes nothing. Answers how many were written now. Throws only when the database cannot be asked.
 */
export async function notify(context: Context, { to, ...notice }: Notice): Promise<number> {
  let written = 0
  for (const person of await recipients(context, notice, to)) {
    if (await writeMail(context, { ...notice, to: person })) written += 1
  }
  if (written > 0) context.wakeWorker()
  return written
}

/** The last line of a mail that can be switched off. */
export const whyItCame = (workspaceName: string) =>
  `You get this mail as a member of ${workspaceName}. Switch mails of this kind off in Settings > Profile.`

/** Those of a workspace, of `to`, who want mails of this kind. */
async function recipients(
  { database, auth }: Context,
  { workspaceId, kind }: { workspaceId: string; kind: MailKind },
  to: string[] | 'admins',
): Promise<Person[]> {
  const { rows } = await database.query<{ user_id: string }>(
    `select m.user_id
       from ken.members m
      where m.workspace_id = $1
        and case when $3::text[] is null then m.role = 'admin' else m.user_id = any($3) end
        and not exists (select 1 from ken.switched_off s
                         where s.workspace_id = m.workspace_id and s.user_id = m.user_id and s.kind = $2)
      order by m.created_at, m.user_id`,
    [workspaceId, kind, to === 'admins' ? null : to],
  )
  return auth.people(rows.map((row) => row.user_id))
}

/** Whether a mail that was written still has somebody to go to: a member, who wants its kind and, of an Admin's mails, is one. */
export async function stillWanted(
  context: Context,
  { workspaceId, kind, to }: { workspaceId: string; kind: MailKind; to: Person },
): Promise<boolean> {
  const wanted = await recipients(context, { workspaceId, kind }, kind === 'credits_low' ? 'admins' : [to.id])
  return wanted.some(({ id }) => id === to.id)
}

/** Which kinds this person gets, in this workspace. */
export async function choicesOf(
  { database }: Pick<Context, 'database'>,
  { workspace, userId }: Member,
): Promise<Record<NotificationKind, boolean>> {
  const { rows } = await database.query<{ kind: string }>(
    'select kind from ken.switched_off where workspace_id = $1 and user_id = $2',
    [workspace.id, userId],
  )
  const off = new Set(rows.map(({ kind }) => kind))
  return Object.fromEntries(notificationKinds.map((kind) => [kind, !off.has(kind)])) as Record<
    NotificationKind,
    boolean
  >
}

/** Switches one kind on or off; asked again it changes nothing. */
export async function choose(
  { database }: Pick<Context, 'database'>,
  { workspace, userId }: Member,
  { kind, on }: { kind: NotificationKind; on: boolean },
): Promise<void> {
  const values = [workspace.id, userId, kind]
  await (on
    ? database.query('delete from ken.switched_off where workspace_id = $1 and user_id = $2 and kind = $3', values)
    : database.query(
        `insert into ken.switched_off (workspace_id, user_id, kind) values ($1, $2, $3) on conflict do nothing`,
        values,
      ))
}
