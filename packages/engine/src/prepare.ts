import { noChanges } from '@headroom/core'
import type pg from 'pg'
import { sendOn, type LoadStatements } from './load.ts'
import { hotValues, rareValues, writeStatements } from './write.ts'

/**
 * Plans every statement of a lane on its new connection, with nothing to do. A statement first planned inside a transaction that
 * fails would be taken for planned by the driver and not be there the next time.
 */
export async function prepare(client: pg.Client, statements: LoadStatements): Promise<void> {
  const send = sendOn(client)
  const values: Record<keyof LoadStatements, unknown[]> = {
    clock: [],
    lock: ['{}'],
    books: ['{}'],
    reservations: ['{}', '{}'],
    answers: ['{}', '{}'],
    grants: ['{}', '{}', '{}'],
    periodGrants: ['{}'],
    due: ['{}', 1],
  }
  await client.query('begin')
  for (const name of Object.keys(values) as (keyof LoadStatements)[]) await send(name, statements[name], values[name])
  await send('hot', writeStatements.hot, hotValues(noChanges()))
  await send('rare', writeStatements.rare, rareValues(noChanges()))
  await client.query('rollback')
}
