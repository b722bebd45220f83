/** What time has made due, before anybody sees anything. */
import { settleBilling } from './renewal.ts'
import { expireSessions } from './session-expiry.ts'
import type { StoreTx } from './store-tx.ts'

/**
 * Does everything due by the clock. Cheap when nothing can be: within one second of the clock it is done once. A test clock
 * may begin at any instant, also before what real time has settled: another second is another look.
 */
export async function settleDue(tx: StoreTx): Promise<void> {
  if (tx.settledTo === tx.now) return
  await settleAll(tx)
}

/** The same, also when this second has been settled: what was changed in it may be due already. */
export async function settleAll(tx: StoreTx): Promise<void> {
  await settleBilling(tx)
  await expireSessions(tx)
  await tx.query('update stripe_simulator.gate set settled_to = $1', [tx.now])
}
