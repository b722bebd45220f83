/** Work that takes time, as an import does: reserve all, settle by parts under their own keys, return the rest. */
import { idFor } from './cast.ts'
import { answerOf, of, sizeOf, think, type World } from './world.ts'

interface Reservation {
  state: string
  expiresAt: string
}

/** Each part has another quantity, so that every entry tells which part it is of. */
export async function runJobs(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  const members = of('fixed', 'shop', 'moved')
  for (let n = 1; !world.isOver(); n++) {
    const member = chance.oneOf(members)
    const id = idFor(member.id, 'j', name, n)
    const size = Math.max(1, Math.floor(sizeOf(member, 'leads') / 4))
    const parts = distinct(chance.whole(1, 5), (turn) => 1 + turn * 5 + chance.whole(0, Math.min(4, size)))
    const total = parts.reduce((sum, quantity) => sum + quantity, 0) + chance.whole(0, 5)
    const base = `/v1/workspaces/${member.id}/reservations`
    const body = { id, lines: [{ meter: 'leads', quantity: total }], ttlSeconds: 600, metadata: { import: id } }
    const reserved = await caller.call(member.id, 'reserve', { method: 'POST', path: base, body })
    const answer = answerOf<Reservation>(reserved)
    if (answer === null || answer.status > 201) {
      if (answer?.status === 402) world.states.reach('a refusal at the limit')
      await think(chance, 150)
      continue
    }
    world.edges.push(Date.parse(answer.body.expiresAt))
    let isOpen = true
    for (const [index, quantity] of parts.entries()) {
      await think(chance, 60)
      const lines = [{ meter: 'leads', quantity }]
      const asked = {
        method: 'POST',
        path: `${base}/${id}/commit`,
        body: { lines, final: false },
        key: `p-${id}-${index}`,
      } as const
      const part = await caller.call(member.id, 'part', asked)
      if (part.answer === null || part.answer.status !== 200) isOpen = false
      if (!isOpen) break
      if (chance.percent(15)) await caller.repeat(part)
      if (chance.percent(15)) {
        await caller.call(member.id, 'extend', {
          method: 'POST',
          path: `${base}/${id}/extend`,
          body: { ttlSeconds: 1_200 },
        })
      }
    }
    if (isOpen && chance.percent(85)) {
      const way = chance.percent(60) ? 'final' : 'release'
      const path = `${base}/${id}/${way === 'final' ? 'commit' : 'release'}`
      await caller.call(member.id, way, { method: 'POST', path, body: way === 'final' ? { lines: [] } : {} })
    }
  }
}

function distinct(count: number, quantity: (turn: number) => number): number[] {
  return Array.from({ length: count }, (_, turn) => quantity(turn))
}
