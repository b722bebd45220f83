import { connectOwner } from './connection.ts'

/**
 * Empties what the payment provider delivered about a payer with this address and what has been worked off: its content is known by a
 * hash, and nobody reads the body again. What waits or is parked keeps it until it is done. Answers how many were emptied.
 */
export async function forgetDeliveries(databaseUrl: string, email: string): Promise<number> {
  const client = await connectOwner(databaseUrl)
  try {
    const { rowCount } = await client.query(
      `update inbox set body = '{}' where state = 1 and position(lower($1) in lower(body)) > 0`,
      [email],
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}
