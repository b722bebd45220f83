/**
 * Forgets somebody whom customers have written to or imported. What was counted stays counted: rows keep their place and lose what they
 * say. A hash of the address stays where it keeps a promise: that nobody writes to them again, and that nobody pays for them twice.
 */
import type { Queryable } from '../database.ts'
import { dropQueued } from '../sending/sends.ts'

const nobody = JSON.stringify({ name: 'Forgotten person', email: '' })

/** In a transaction. Answers the names they went by. */
export async function forgetContact(connection: Queryable, email: string): Promise<string[]> {
  const names = await namesOf(connection, email)
  await endSequences(connection, email)
  await connection.query(
    `update ken.replies p set sender = '', subject = '', text = '' from ken.recipients r, ken.contacts c
      where r.workspace_id = p.workspace_id and r.id = p.recipient_id
        and c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row and c.contact ->> 'email' = $1`,
    [email],
  )
  await connection.query(
    `update ken.replies set sender = '', subject = '', text = '' where sender ilike '%' || $1 || '%'`,
    [email],
  )
  await connection.query(`update ken.sends set name = '', email = '', subject = '', body = '' where email = $1`, [
    email,
  ])
  await connection.query(`update ken.contacts set contact = $2, email_hash = null where contact ->> 'email' = $1`, [
    email,
    nobody,
  ])
  await connection.query(
    `update ken.upload_rows set contact = $2, email_hash = null, fault = 'no_address' where lower(contact ->> 'email') = $1`,
    [email, nobody],
  )
  await forgetInDirectory(connection, email)
  return names
}

/** As they are written in files, and put together from their parts. */
async function namesOf(connection: Queryable, email: string): Promise<string[]> {
  const { rows } = await connection.query<{ name: string | null }>(
    `select contact ->> 'name' as name from ken.contacts where contact ->> 'email' = $1
      union select contact ->> 'name' from ken.upload_rows where lower(contact ->> 'email') = $1
      union select first_name || ' ' || last_name from ken.directory_people where email = $1
      union select name from ken.sends where email = $1`,
    [email],
  )
  return rows.flatMap(({ name }) => name || [])
}

/** No further mail goes to them, now or when a file names them again. */
async function endSequences(connection: Queryable, email: string): Promise<void> {
  const { rows } = await connection.query<{ workspace_id: string; id: string }>(
    `update ken.recipients r set state = 'unsubscribed', next_at = null, reason = null from ken.contacts c
      where c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row and c.contact ->> 'email' = $1
     returning r.workspace_id, r.id`,
    [email],
  )
  for (const { workspace_id: workspaceId, id } of rows) await dropQueued(connection, workspaceId, [id])
  await connection.query(
    `insert into ken.suppressions (workspace_id, email_hash, at, recipient_id)
     select distinct on (c.workspace_id, c.email_hash) c.workspace_id, c.email_hash, now(), coalesce(r.id, '')
       from ken.contacts c
       left join ken.recipients r on r.workspace_id = c.workspace_id and r.import_id = c.import_id and r.row = c.row
      where c.contact ->> 'email' = $1 and c.email_hash is not null
         on conflict do nothing`,
    [email],
  )
}

/** They stay a number there, without a name and an address; what is counted of addresses counts one less. */
async function forgetInDirectory(connection: Queryable, email: string): Promise<void> {
  await connection.query(
    `with gone as (
       update ken.directory_people set first_name = 'Forgotten', last_name = 'person', email = null, email_hash = null
        where email = $1 returning title, country, industry, company_size)
     update ken.directory_counts c set with_address = with_address - 1 from gone g
      where (c.title, c.country, c.industry, c.company_size) = (g.title, g.country, g.industry, g.company_size)`,
    [email],
  )
}
