import pg from 'pg'
import type { Contender } from './contender.ts'

const asked = 10

/**
 * Throws unless what a contender acknowledges is on disk by then, whatever its own connections have set: when an answer is
 * there, PostgreSQL's log is flushed as far as it is written. Someone else's entry may lie between, though not often.
 */
export async function checkFlushed(contender: Contender, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  let behind = 0
  for (let number = 0; number < asked; number++) {
    await contender.reserve(0, `flushed_${number}`, 1)
    const { rows } = await client.query<{ behind: boolean }>(
      'select pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn() as behind',
    )
    if (rows[0]!.behind) behind += 1
  }
  await client.end()
  if (behind > asked / 2) throw new Error(`${contender.name} answers before its commits are on disk`)
}
