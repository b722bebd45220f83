/** What the sending infrastructure takes: so many mails of campaigns for each workspace and UTC day. Not a limit that can be bought off. */
import type { Queryable } from '../database.ts'
import { dayMs } from './schedule.ts'

/** "2026-11-26". */
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

export const nextDay = (at: Date): Date => new Date((Math.floor(at.getTime() / dayMs) + 1) * dayMs)

/** How many mails have been written for this day. */
export async function writtenOn(database: Queryable, workspaceId: string, at: Date): Promise<number> {
  const { rows } = await database.query<{ written: number }>(
    'select written from ken.sending_days where workspace_id = $1 and day = $2',
    [workspaceId, dayOf(at)],
  )
  return rows[0]?.written ?? 0
}

/** How many more may be written for this day. The day's row stays locked until the transaction ends: campaigns of a workspace take turns. */
export async function roomOn(
  connection: Queryable,
  workspaceId: string,
  { at, perDay }: { at: Date; perDay: number },
): Promise<number> {
  const { rows } = await connection.query<{ written: number }>(
    `insert into ken.sending_days (workspace_id, day, written) values ($1, $2, 0)
     on conflict (workspace_id, day) do update set written = sending_days.written
     returning written`,
    [workspaceId, dayOf(at)],
  )
  return Math.max(0, perDay - rows[0]!.written)
}

export async function takeRoom(connection: Queryable, workspaceId: string, at: Date, mails: number): Promise<void> {
  await connection.query('update ken.sending_days set written = written + $3 where workspace_id = $1 and day = $2', [
    workspaceId,
    dayOf(at),
    mails,
  ])
}
