import { checkBooks } from './books.ts'
import type { Contender } from './contender.ts'

/**
 * What a contender shows before it is measured: twice as many ask at once as there are units left, so exactly half of them
 * win; and asking again for what was granted or committed changes nothing. Takes one set up with this limit and untouched.
 */
export async function contest(contender: Contender, limit: number): Promise<void> {
  const nothing = await contender.totals()
  const ids = Array.from({ length: 2 * limit }, (_, asker) => `contest_${asker}`)
  const answers = await Promise.all(ids.map((id) => contender.reserve(0, id, 1)))
  const winners = ids.filter((_, asker) => answers[asker])
  if (winners.length !== limit)
    throw new Error(`${contender.name} granted ${winners.length} of ${limit} to ${ids.length} who asked at once`)
  // A counter keeps counting what it refuses, and knows no repeats.
  if (contender.counter) return

  const held = { used: 0, reserved: limit, entries: limit }
  checkBooks(contender, nothing, await contender.totals(), held)
  await granted(contender, winners, (id) => contender.reserve(0, id, 1))
  checkBooks(contender, nothing, await contender.totals(), held)

  const used = { used: limit, reserved: 0, entries: 2 * limit }
  await granted(contender, winners, (id) => contender.commit(0, id, 1))
  checkBooks(contender, nothing, await contender.totals(), used)
  await granted(contender, winners, (id) => contender.commit(0, id, 1))
  checkBooks(contender, nothing, await contender.totals(), used)
}

async function granted(contender: Contender, ids: string[], ask: (id: string) => Promise<boolean>): Promise<void> {
  const answers = await Promise.all(ids.map(ask))
  if (answers.includes(false)) throw new Error(`${contender.name} refused what it had granted`)
}
