/** What somebody has in hand about a payment, and what became of it here. */
import { NotFound, type EntryWire, type PurchaseWire } from '@headroom/sdk'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import type { Member } from '../people/session.ts'
import { Causes, type LedgerRow } from './causes.ts'

export interface FoundPurchase {
  purchase: PurchaseWire
  /** What it brought and what was taken back of it, newest first. */
  entries: LedgerRow[]
}

/**
 * The purchases of this workspace that an id names: a receipt's number, a payment's, charge's or Checkout Session's id, or the
 * purchase's own. None where there is nothing by that id, or only in somebody else's workspace: nobody is told which.
 */
export async function findPurchases(context: Context, member: Member, id: string): Promise<{ data: FoundPurchase[] }> {
  const { headroom } = context
  const { id: workspace } = member.workspace
  const asked = id.trim()
  if (!/^[\x21-\x7e]{1,255}$/.test(asked)) {
    const message = 'Give a receipt number, or the id of a payment or purchase.'
    throw new Problem('invalid_request', message, { errors: [{ path: 'id', message }] })
  }
  const [own, byReceipt] = await Promise.all([
    ownPurchase(context, workspace, asked),
    headroom.purchases.byReceipt(asked),
  ])
  const named = byReceipt.data.filter((purchase) => purchase.workspace === workspace)
  const found = own === null || named.some(({ id }) => id === own.id) ? named : [own, ...named]
  const causes = new Causes(context, workspace)
  return {
    data: await Promise.all(
      found.map(async (purchase) => ({
        // As Headroom shows it to an Admin: a payment provider's session is for keys.
        purchase: { ...purchase, checkoutSession: null },
        entries: await causes.of(await entriesOf(context, purchase)),
      })),
    ),
  }
}

async function ownPurchase({ headroom }: Context, workspace: string, id: string): Promise<PurchaseWire | null> {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) return null
  try {
    return await headroom.purchases.get(workspace, id)
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

/** Of an add-on; a plan has none of its own: it is the plan's allowance from then on. Read back to when it was begun, and no further. */
async function entriesOf({ headroom }: Context, purchase: PurchaseWire): Promise<EntryWire[]> {
  const found: EntryWire[] = []
  for (const meter of purchase.brings.map((line) => line.meter)) {
    for (const kind of ['grant', 'refund'] as const) {
      for await (const entry of headroom.ledgerEntries(purchase.workspace, { meter, kind })) {
        if (entry.at < purchase.createdAt) break
        // What a won dispute gives back is booked under the purchase's id and a word of its own.
        const isOf = entry.source.id === purchase.id || entry.source.id.startsWith(`${purchase.id}_`)
        if (entry.source.type === 'purchase' && isOf) found.push(entry)
      }
    }
  }
  return found.sort((one, other) => other.seq - one.seq)
}
