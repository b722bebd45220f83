import { StripeFault } from './fault.ts'
import type { StoreTx } from './store-tx.ts'

export interface Answer {
  status: number
  body: string
  /** Of the request that was first answered so. */
  requestId: string
}

/** Stripe forgets a key after a day, by the clock; from then on it is a new one. */
const keptSeconds = 24 * 3600

/** The stored answer of the same request. Throws when the key was used for another one. */
export async function keptAnswer(tx: StoreTx, key: string, request: string): Promise<Answer | undefined> {
  const { rows } = await tx.query<{ request: string; status: number; body: string; original: string }>(
    'select request, status, body, original from stripe_simulator.idempotency_keys where key = $1 and created > $2',
    [key, tx.now - keptSeconds],
  )
  const row = rows[0]
  if (!row) return undefined
  if (row.request !== request) {
    throw new StripeFault(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    })
  }
  return { status: row.status, body: row.body, requestId: row.original }
}

/** In the same transaction as what it did: never one without the other. */
export async function keepAnswer(tx: StoreTx, key: string, request: string, answer: Answer): Promise<void> {
  await tx.query(
    `insert into stripe_simulator.idempotency_keys (key, request, status, body, original, created)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update
     set request = excluded.request, status = excluded.status, body = excluded.body,
         original = excluded.original, created = excluded.created`,
    [key, request, answer.status, answer.body, answer.requestId, tx.now],
  )
}
