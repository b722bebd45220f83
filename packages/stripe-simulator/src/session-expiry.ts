import type { Session } from './checkout-session-object.ts'
import type { StoreTx } from './store-tx.ts'
import type { Tx } from './wire.ts'

/** Nobody can pay it any more. */
export async function expireSession(tx: Tx, session: Session): Promise<Session> {
  const expired: Session = { ...session, status: 'expired', url: null }
  await tx.put('checkout.session', expired)
  await tx.emit('checkout.session.expired', expired)
  return expired
}

/** Expires what was left open, each at its own instant. */
export async function expireSessions(tx: StoreTx): Promise<void> {
  const now = tx.now
  await tx.flush()
  const { rows } = await tx.query<{ id: string }>(
    `select   id
     from     stripe_simulator.objects
     where    kind = 'checkout.session'
     and      fields @> '{"status": "open"}'
     and      (fields ->> 'expires_at')::bigint <= $1
     order by (fields ->> 'expires_at')::bigint, seq`,
    [now],
  )
  for (const { id } of rows) {
    const session = await tx.get('checkout.session', id)
    if (!session) continue
    tx.now = session.expires_at
    await expireSession(tx, session)
  }
  tx.now = now
}
