import type { Contender, Totals } from './contender.ts'

/** What a contender has acknowledged, to be found in its tables. */
export interface Acknowledged {
  used: number
  reserved: number
  entries: number
}

/**
 * Throws unless the contender's tables grew by exactly what it acknowledged, no balance is above its limit, every balance
 * is the sum of its ledger, and commits wait for the disk.
 */
export function checkBooks(
  contender: Pick<Contender, 'name' | 'meters' | 'counter'>,
  before: Totals,
  after: Totals,
  acknowledged: Acknowledged,
): void {
  const { name, meters = 1, counter } = contender
  const wrong: string[] = []
  for (const figure of ['used', 'reserved', 'entries'] as const) {
    const stored = after[figure] - before[figure]
    const expected = counter && figure === 'entries' ? 0 : acknowledged[figure] * meters
    if (stored !== expected) wrong.push(`${figure}: acknowledged ${expected}, stored ${stored}`)
  }
  if (after.over > 0) wrong.push(`${after.over} balances are above their limit`)
  if (after.unlike > 0) wrong.push(`${after.unlike} balances differ from their ledger`)
  if (!after.durable) wrong.push('commits do not wait for the disk')
  if (wrong.length > 0) throw new Error(`${name} does not keep its books: ${wrong.join('; ')}`)
}
