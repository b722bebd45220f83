/**
 * The Leads Database is made once, in the background, when it is first asked for. Each batch is a transaction of its own with the count
 * of what is there, so a process that dies leaves whole batches, and whoever takes the job up goes on after the last of them.
 */
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import { finish, mustBeOurs, renew, type JobHandler } from '../queue.ts'
import { WrongSetting } from '../sending/settings.ts'
import { insertPeople } from './people.ts'
import { criterions, values, type Criterion } from './values.ts'

export const directoryKind = 'directory'

/** As large as a directory that one would sell from; it takes some 70 MB of the database and a few seconds to make. */
const usualPeople = 240_000

/** What an operator set, else 240,000. A directory that is there already stays as large as it is. */
export function directoryPeopleOf(text: string | undefined): number {
  if (text === undefined || text === '') return usualPeople
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new WrongSetting('KEN_DIRECTORY_PEOPLE must be a whole number from 1 to 999,999.')
  return Number(text)
}

/** One job for everybody. */
const job = { workspaceId: '', id: directoryKind }

const batchPeople = 10_000

export interface DirectoryState {
  /** Everybody can be found. */
  ready: boolean
  prepared: number
  people: number
}

/** How far the directory is; the first who asks sets off its making. */
export async function directoryState(context: Context): Promise<DirectoryState> {
  return (await readState(context.database)) ?? askForDirectory(context)
}

/** Has the directory made if it is not there. Asked again it changes nothing. */
export async function askForDirectory(context: Context): Promise<DirectoryState> {
  await transaction(context.database, async (connection) => {
    await connection.query('insert into ken.directory (people) values ($1) on conflict do nothing', [
      context.directoryPeople,
    ])
    await connection.query(
      `insert into ken.jobs (workspace_id, id, kind)
       select $1, $2, $2 from ken.directory where ready_at is null on conflict do nothing`,
      [job.workspaceId, job.id],
    )
  })
  context.wakeWorker()
  return (await readState(context.database))!
}

async function readState(database: Queryable): Promise<DirectoryState | null> {
  const { rows } = await database.query<DirectoryState>(
    'select ready_at is not null as ready, prepared, people from ken.directory',
  )
  return rows[0] ?? null
}

/** Makes what is missing, then lets everybody be found. */
export function directoryJob({ database }: Context): JobHandler {
  return async (claimed, { signal, stopping }) => {
    for (;;) {
      signal.throwIfAborted()
      if (stopping()) return { again: 0 }
      const complete = await transaction(database, async (connection) => {
        await mustBeOurs(connection, claimed)
        const { prepared, people } = (await readState(connection))!
        if (prepared === people) return true
        const to = Math.min(people, prepared + batchPeople)
        await insertPeople(connection, { from: prepared + 1, to, all: people })
        await connection.query('update ken.directory set prepared = $1', [to])
        await renew(connection, claimed, { progress: true })
        return false
      })
      if (complete) break
    }
    await transaction(database, async (connection) => {
      await mustBeOurs(connection, claimed)
      await countEverybody(connection)
    })
    // Until a page of a table is known to hold no old rows, an index cannot answer alone for what stands on it.
    await database.query('vacuum (analyze) ken.directory_people, ken.directory_counts, ken.directory_values')
    await transaction(database, async (connection) => {
      await mustBeOurs(connection, claimed)
      await connection.query('update ken.directory set ready_at = now()')
      await finish(connection, claimed)
    })
    return 'done'
  }
}

/** The column of the people that each criterion is about. */
export const columnOf: Record<Criterion, string> = {
  titles: 'title',
  countries: 'country',
  industries: 'industry',
  companySizes: 'company_size',
}

/** Counted anew where a process died over it: how many there are of each combination, and of each value. */
async function countEverybody(connection: Queryable): Promise<void> {
  await connection.query('truncate ken.directory_counts, ken.directory_values')
  await connection.query(
    `insert into ken.directory_counts (title, country, industry, company_size, people, with_address)
     select title, country, industry, company_size, count(*), count(email)
       from ken.directory_people
      group by title, country, industry, company_size`,
  )
  for (const criterion of criterions) {
    await connection.query(
      `insert into ken.directory_values (criterion, id, value, people)
       select $1, v.at - 1, v.value,
              coalesce((select sum(c.people) from ken.directory_counts c where c.${columnOf[criterion]} = v.at - 1), 0)
         from unnest($2::text[]) with ordinality as v (value, at)`,
      [criterion, values[criterion]],
    )
  }
}
