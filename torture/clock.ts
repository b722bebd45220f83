/** Time: it goes in small steps, in leaps over periods, and likes to stop at the very instant at which something ends. */
import type { Caller } from './caller.ts'
import { answerOf, think, type World } from './world.ts'

type Move = { advance: string } | { now: string }

export async function runClock(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  while (!world.isOver()) {
    await think(chance, 400)
    const edges = world.edges.filter((edge) => edge > world.now).sort((a, b) => a - b)
    world.edges.splice(0, world.edges.length, ...edges.slice(0, 500))
    const body = chance.weighted<() => Move | Promise<Move>>([
      [24, () => ({ advance: `PT${chance.whole(1, 40)}S` })],
      [10, () => ({ advance: `PT${chance.whole(1, 30)}M` })],
      [14, () => (edges[0] === undefined ? { advance: 'PT1M' } : { now: new Date(edges[0]).toISOString() })],
      [5, () => ({ advance: `PT${chance.whole(2, 30)}H` })],
      [3, () => ({ advance: `P${chance.whole(2, 9)}D` })],
      [7, () => ({ advance: 'P1M' })],
      [2, () => ({ advance: 'P3M' })],
      [12, () => toNextPeriodEnd(world, caller)],
    ])()
    await setClock(world, caller, await body)
  }
}

export async function setClock(world: World, caller: Caller, body: object): Promise<void> {
  const call = await caller.call(null, 'clock', { method: 'POST', path: '/v1/test/clock', body })
  const answer = answerOf<{ now: string }>(call)
  if (answer?.status === 200) world.now = Math.max(world.now, Date.parse(answer.body.now))
}

/**
 * Of the workspaces that were seen last. First to shortly before, for a while, so that something is held when the period ends; after it the
 * clock stands for a while, so that it is settled then.
 */
async function toNextPeriodEnd(world: World, caller: Caller): Promise<Move> {
  const { chance } = caller
  const ahead = [...world.periodEnds.values()].filter((end) => end > world.now + longestBeforeMs).sort((a, b) => a - b)
  if (ahead[0] === undefined) return { advance: 'P10D' }
  const before = ahead[0] - chance.whole(1, longestBeforeMs)
  await setClock(world, caller, { now: new Date(before).toISOString() })
  await think(chance, 500)
  await setClock(world, caller, { now: new Date(ahead[0]).toISOString() })
  await think(chance, 500)
  return { advance: `PT${chance.whole(1, 20)}S` }
}

const longestBeforeMs = 50_000
