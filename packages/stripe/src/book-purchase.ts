/** A paid add-on in the books: the one grant function (decisions 0020). */
import type { Answer, Line } from '@headroom/core'
import { mint, unavailable, type PurchaseRow, type Submission } from '@headroom/engine'
import type { Booking } from './checkout-outcome.ts'
import type { Context } from './context.ts'

/** What cannot be booked: a human decides. */
export class NotGranted extends Error {
  override name = 'NotGranted'
}

/**
 * Grants what was paid for and takes back what was paid back. Safe to repeat, at the same time too. Throws NotGranted where the
 * books refuse it, `unavailable` where they could not say: that is tried again.
 */
export async function book({ engine }: Context, row: PurchaseRow, { takenBack, again }: Booking): Promise<void> {
  const { workspace, actor, brings, blocks, addOn } = row
  const by = { workspace, key: null, requestId: mint('req'), actor, viewer: 'admin' } as const
  const submit = async (operation: Submission) => {
    const answer = await engine.submit(operation)
    // The books' own fault, or somebody else at work on them: it says nothing of the purchase.
    if (answer.status >= 500 || answer.status === 409) throw unavailable('unknown', detailOf(answer))
    if (answer.status >= 300) throw new NotGranted(detailOf(answer))
  }
  const bookOne = async (id: string, back: readonly Line[], reason: string) => {
    const source = { type: 'purchase', id } as const
    await submit({ ...by, op: 'grant', source, lines: brings, reason })
    const lines = back.filter(({ quantity }) => quantity > 0)
    if (lines.length > 0) await submit({ ...by, op: 'refund', source, lines })
  }
  await bookOne(row.id, takenBack, `Bought: ${blocks} × ${addOn}`)
  if (again !== null) await bookOne(`${row.id}_won`, again, `A dispute was won: ${blocks} × ${addOn}`)
}

const detailOf = ({ body }: Answer): string => (body as { detail?: string }).detail ?? 'The books refused it.'
