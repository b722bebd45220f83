/** Many operations of several workspaces in one request; what was not answered is asked again, item by item under its own key. */
import { idFor, type Member } from './cast.ts'
import type { Answer, Call, History } from './history.ts'
import { linesFor, of, think, type World } from './world.ts'
import type { Caller } from './caller.ts'

interface Result {
  status: number
  body: { code?: string } | null
  replayed?: boolean
}

export async function runBatches(world: World, history: History, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  const members = of('fixed', 'shop', 'moved')
  for (let n = 1; !world.isOver(); n++) {
    const made = new Map<string, Member>()
    const items: Call[] = []
    const add = (member: Member, kind: string, item: object): void => {
      items.push(history.begin(name, member.id, kind, { method: 'POST', path: '/v1/batch', body: item }))
    }
    for (let index = 1; index <= chance.whole(2, 24); index++) {
      const member = chance.oneOf(members)
      const workspace = member.id
      const at = n * 100 + index
      if (chance.percent(45) || made.size === 0) {
        const id = idFor(workspace, 'b', name, at)
        made.set(id, member)
        add(member, 'reserve', { op: 'reserve', workspace, id, lines: linesFor(chance, member), ttlSeconds: 300 })
      } else if (chance.percent(50)) {
        const reference = idFor(workspace, 'e', name, at)
        const lines = linesFor(chance, member)
        add(member, 'use', {
          op: 'use',
          workspace,
          lines,
          mode: 'enforce',
          reference,
          idempotencyKey: `u-${reference}`,
        })
      } else {
        const [id, owner] = chance.oneOf([...made])
        made.delete(id)
        if (chance.percent(60)) add(owner, 'final', { op: 'commit', workspace: owner.id, id, lines: [] })
        else add(owner, 'release', { op: 'release', workspace: owner.id, id })
      }
    }
    await untilKnown(caller, history, items)
    const refused = items.filter(({ answer }) => answer?.status === 402)
    if (refused.length > 0 && refused.length < items.length) world.states.reach('a batch with a refusal in it')
    await think(chance, 250)
  }
}

/** In the order given; what comes back without an answer goes out again with the next request. */
async function untilKnown(caller: Caller, history: History, items: readonly Call[]): Promise<void> {
  let left = items
  while (left.length > 0) {
    const operations = left.map(({ asked }) => asked.body!)
    for (const item of left) item.sends += 1
    const sent = await caller.call(null, 'batch', { method: 'POST', path: '/v1/batch', body: { operations } })
    if (sent.answer?.status !== 200) break
    const { results } = JSON.parse(sent.answer.text) as { results: Result[] }
    left.forEach((item, index) => {
      const answer = answerOfItem(results[index]!)
      if (answer === null) return
      item.answer = answer
      item.answeredAt = history.tick()
    })
    left = left.filter(({ answer }) => answer === null)
    if (caller.isTooLate) break
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const item of left) item.isGivenUp = true
}

function answerOfItem({ status, body, replayed = false }: Result): Answer | null {
  if (status === 503 || body?.code === 'in_progress') return null
  return { status, text: JSON.stringify(body), replayed }
}
