/** Somebody with a key who changes plans: up at once, down at the end of the period, and from monthly to yearly and back. */
import { of, think, type World } from './world.ts'

const choices = [
  { plan: 'free' },
  { plan: 'starter', contacts: 1_000 },
  { plan: 'starter', contacts: 3_000 },
  { plan: 'growth', contacts: 5_000 },
  { plan: 'growth', contacts: 10_000 },
  { plan: 'dfy', contacts: 10_000 },
] as const

export async function runPlanners(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  while (!world.isOver()) {
    await think(chance, 600)
    const member = chance.oneOf(of('moved'))
    const choice = chance.oneOf(choices)
    const when = chance.percent(60) ? 'now' : 'periodEnd'
    const isFree = choice.plan === 'free'
    const interval = isFree || chance.percent(70) ? {} : { interval: chance.oneOf(['month', 'year'] as const) }
    const body = { ...choice, ...interval, when }
    const path = `/v1/workspaces/${member.id}/plan`
    const call = await caller.call(member.id, 'plan', { method: 'PUT', path, body })
    // What was written is read, at whichever server.
    if (call.answer?.status === 200) {
      await caller.call(
        member.id,
        'workspace after plan',
        { method: 'GET', path: `/v1/workspaces/${member.id}` },
        'once',
      )
    }
  }
}
