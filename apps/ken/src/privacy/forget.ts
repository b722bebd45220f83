/** Forgets whoever has an address, and looks whether it stands anywhere still. For support: see docs/reference/personal-data.md. */
import { transaction, type Database, type Queryable } from '../database.ts'
import { anywhere, type Address } from './address.ts'
import { forgetContact } from './forget-contact.ts'
import { forgetPerson } from './forget-person.ts'
import { heldRows, type HeldRow } from './held.ts'

export interface Forgotten {
  /** Rows that named them before. */
  rows: number
  /** Rows that still do, in texts that somebody wrote: a file, a note, a sequence. A person has to look at them. */
  left: HeldRow[]
  /** Rows in which one of their names stands: theirs, or a namesake's. */
  namesakes: HeldRow[]
}

/** All of it, or nothing. Asked again it finds nothing. Throws a Problem where somebody else would be left without an Admin. */
export async function forget(database: Database, address: Address): Promise<Forgotten> {
  const { mention } = address
  const before = await heldRows(database, [mention])
  const names = await transaction(database, async (connection) => {
    const found = [...(await forgetPerson(connection, address)), ...(await forgetContact(connection, address))]
    await forgetInLetters(connection, address)
    return found
  })
  const known = [...new Set(names.map((name) => name.trim()))].filter((name) => name.length > 3)
  return {
    rows: before.length,
    left: await heldRows(database, [mention]),
    namesakes: known.length === 0 ? [] : await heldRows(database, known.map(anywhere)),
  }
}

/** Mails of ours to others that name them: an invitation they sent, an answer they gave. That there was a mail stays. */
async function forgetInLetters(connection: Queryable, { mention }: Address): Promise<void> {
  await connection.query(
    `update ken.mails set subject = 'Forgotten', text = '', html = '' where concat_ws(' ', subject, text, html) ~* $1`,
    [mention],
  )
}
