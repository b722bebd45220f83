/**
 * Forgets somebody whom customers have written to or imported. What was counted stays counted: rows keep their place and lose what they
 * say. A hash of the address stays where it keeps a promise: that nobody writes to them again, and that nobody pays for them twice.
 */
import type { Queryable } from '../database.ts'
import { dropQueued } from '../sending/sends.ts'
import type { Address } from './address.ts'

const nobody = JSON.stringify({ name: 'Forgotten person', email: '' })

/** Rows about them: with their address in its place, or somewhere in a row that has no address that could be used. */
const theirs = (row: string) =>
  `(${row}.contact ->> 'email' = any($1) or (${row}.email_hash is null and ${row}.contact::text ~* $2))`

/** In a transaction. Answers the names they went by. */
export async function forgetContact(connection: Queryable, { spellings, mention }: Address): Promise<string[]> {
  const who = [spellings, mention]
  const names = await namesOf(connection, who)
  await endSequences(connection, who)
  await connection.query(
    `update ken.replies p set sender = '', subject = '', text = '' from ken.recipients r, ken.contacts c
      where r.workspace_id = p.workspace_id and r.id = p.recipient_id
        and c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row and ${theirs('c')}`,
    who,
  )
  await connection.query(`update ken.replies set sender = '', subject = '', text = '' where sender ~* $1`, [mention])
  // What a mail server said about a mail usually names whom it was for.
  await connection.query(
    `update ken.sends set name = '', email = '', subject = '', body = '', fault = null where email = any($1)`,
    [spellings],
  )
  await connection.query(`update ken.contacts c set contact = $3, email_hash = null where ${theirs('c')}`, [
    ...who,
    nobody,
  ])
  await connection.query(
    `update ken.upload_rows u set contact = $3, email_hash = null, fault = 'no_address' where ${theirs('u')}`,
    [...who, nobody],
  )
  await forgetInDirectory(connection, spellings)
  return names
}

/** As they are written in files, and put together from their parts. */
async function namesOf(connection: Queryable, who: unknown[]): Promise<string[]> {
  const { rows } = await connection.query<{ name: string | null }>(
    `select contact ->> 'name' as name from ken.contacts c where ${theirs('c')}
      union select contact ->> 'name' from ken.upload_rows u where ${theirs('u')}
      union select first_name || ' ' || last_name from ken.directory_people where email = any($1)
      union select name from ken.sends where email = any($1)`,
    who,
  )
  return rows.flatMap(({ name }) => name || [])
}

/** No further mail goes to them, now or when a file names them again. How their sequences ended stays, without what was said about it. */
async function endSequences(connection: Queryable, who: unknown[]): Promise<void> {
  const { rows } = await connection.query<{ workspace_id: string; id: string }>(
    `update ken.recipients r
        set state = case when r.state in ('waiting', 'active') then 'unsubscribed' else r.state end, next_at = null, reason = null
       from ken.contacts c
      where c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row and ${theirs('c')}
     returning r.workspace_id, r.id`,
    who,
  )
  for (const { workspace_id: workspaceId, id } of rows) await dropQueued(connection, workspaceId, [id])
  await connection.query(
    `insert into ken.suppressions (workspace_id, email_hash, at, recipient_id)
     select distinct on (c.workspace_id, c.email_hash) c.workspace_id, c.email_hash, now(), coalesce(r.id, '')
       from ken.contacts c
       left join ken.recipients r on r.workspace_id = c.workspace_id and r.import_id = c.import_id and r.row = c.row
      where c.contact ->> 'email' = any($1) and c.email_hash is not null
         on conflict do nothing`,
    [who[0]],
  )
}

/** They stay a number there, without a name and an address; what is counted of addresses counts one less. */
async function forgetInDirectory(connection: Queryable, spellings: string[]): Promise<void> {
  await connection.query(
    `with gone as (
       update ken.directory_people set first_name = 'Forgotten', last_name = 'person', email = null, email_hash = null
        where email = any($1) returning title, country, industry, company_size)
     update ken.directory_counts c set with_address = with_address - 1 from gone g
      where (c.title, c.country, c.industry, c.company_size) = (g.title, g.country, g.industry, g.company_size)`,
    [spellings],
  )
}
