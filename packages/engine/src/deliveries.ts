import { connectOwner } from './connection.ts'

/** A delivery of the payment provider's that names a payer. */
export interface HeldDelivery {
  event: string
  type: string
  receivedAt: string
  body: unknown
  /** It was worked off: nobody reads it again. */
  done: boolean
}

/** Those that name whom this regular expression finds, whatever the case of its letters; the oldest first. Changes nothing. */
export async function heldDeliveries(databaseUrl: string, mention: string): Promise<HeldDelivery[]> {
  return asOwner(databaseUrl, async (client) => {
    const { rows } = await client.query<{ event: string; type: string; at: number; body: string; done: boolean }>(
      `select event_id as event, type, received_at as at, body, state = 1 as done from inbox where body ~* $1 order by received_at`,
      [mention],
    )
    return rows.map(({ at, body, ...row }) => ({
      ...row,
      receivedAt: new Date(at).toISOString(),
      body: JSON.parse(body),
    }))
  })
}

/**
 * Empties what the payment provider delivered about whoever this regular expression finds and what has been worked off: its content is
 * known by a hash, and nobody reads the body again. What waits or is parked keeps it until it is done. Answers how many were emptied.
 */
export async function forgetDeliveries(databaseUrl: string, mention: string): Promise<number> {
  return asOwner(databaseUrl, async (client) => {
    const { rowCount } = await client.query(`update inbox set body = '{}' where state = 1 and body ~* $1`, [mention])
    return rowCount ?? 0
  })
}

async function asOwner<Result>(
  databaseUrl: string,
  work: (client: Awaited<ReturnType<typeof connectOwner>>) => Promise<Result>,
): Promise<Result> {
  const client = await connectOwner(databaseUrl)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
