/** Pages that look: usage, balances now and then, the ledger, reservations, and what explains a balance. */
import { cast, meters } from './cast.ts'
import { answerOf, think, type World } from './world.ts'

export async function runReaders(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  while (!world.isOver()) {
    await think(chance, 120)
    const { id } = chance.percent(40) ? cast[0]! : chance.oneOf(cast)
    const [kind, rest] = chance.weighted<readonly [string, string]>([
      [6, ['usage', 'usage']],
      [5, ['balances', 'balances']],
      [4, ['ledger', 'ledger?limit=40']],
      [2, ['reservations', 'reservations?state=held&limit=100']],
      [2, ['explain', `explain/${chance.oneOf(meters)}`]],
    ])
    const call = await caller.call(id, kind, { method: 'GET', path: `/v1/workspaces/${id}/${rest}` }, 'once')
    const answer = kind === 'usage' ? answerOf<{ period: { end: string } }>(call) : null
    if (answer?.status === 200) world.periodEnds.set(id, Date.parse(answer.body.period.end))
  }
}
