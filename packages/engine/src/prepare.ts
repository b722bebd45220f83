import { noChanges } from '@headroom/core'
import type pg from 'pg'
import { nothingAssumed } from './assumed.ts'
import { sendOn, type LoadStatements } from './load.ts'
import type { Statements } from './transaction.ts'
import { hotValues, rareValues, assumedValues } from './write-values.ts'

/**
 * Plans every statement of a lane on its new connection, with nothing to do. A statement first planned inside a transaction that
 * fails would be taken for planned by the driver and not be there the next time.
 */
export async function prepare(client: pg.Client, statements: Statements): Promise<void> {
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
  await send('hot', statements.hot, hotValues(noChanges(), nothingAssumed))
  await send('link', statements.link, [''])
  await send('assumed', statements.assumed, assumedValues(nothingAssumed))
  await send('rare', statements.rare, rareValues(noChanges()))
  await client.query('rollback')
}
