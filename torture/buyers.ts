/** People who buy add-ons and pay at Stripe, or do not; some of it is paid back later, and now and then a bank takes it. */
import type { Caller } from './caller.ts'
import { idFor, type Member, type Meter } from './cast.ts'
import { answerOf, of, think, type World } from './world.ts'

interface Bought {
  purchaseId: string
}

interface Purchase {
  checkoutSession?: string
  state: string
}

export async function runBuyers(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  const members = of('shop')
  const paid: { member: Member; purchase: string; session: string }[] = []
  for (let n = 1; !world.isOver(); n++) {
    await think(chance, 100)
    const member = chance.oneOf(members)
    const addOn = chance.weighted([
      [5, 'leads'],
      [3, 'email_sends'],
      [2, 'ai_campaigns'],
    ] as const)
    const body = { addOn, blocks: chance.whole(1, 3) }
    const key = `c-${idFor(member.id, 'c', name, n)}`
    const checkout = { method: 'POST', path: `/v1/workspaces/${member.id}/checkout`, body, key } as const
    const call = await caller.call(member.id, 'checkout', checkout)
    const opened = answerOf<Bought>(call)
    if (opened?.status !== 201) continue
    if (chance.percent(20)) await caller.repeat(call)
    const purchase = opened.body.purchaseId
    const session = await sessionOf(caller, member, purchase)
    if (session === undefined) continue
    const isPaid = await pay(world, caller, session)
    if (chance.percent(40)) await returnPage(caller, member, purchase)
    if (isPaid && chance.percent(25)) {
      // Spent at once, and paid back all the same, while its period runs.
      await spend(caller, member, body, idFor(member.id, 'o', name, n))
      await giveBack(world, caller, session)
      await returnPage(caller, member, purchase)
    } else if (isPaid) paid.push({ member, purchase, session })
    if (paid.length > 0 && chance.percent(35))
      await giveBack(world, caller, paid.splice(chance.whole(0, paid.length - 1), 1)[0]!.session)
  }
}

export async function sessionOf(caller: Caller, member: Member, purchase: string): Promise<string | undefined> {
  const path = `/v1/workspaces/${member.id}/purchases/${purchase}`
  const read = await caller.call(member.id, 'purchase', { method: 'GET', path })
  return answerOf<Purchase>(read)?.body.checkoutSession
}

/** What a person's browser does when they come back from the checkout. */
const returnPage = (caller: Caller, member: Member, purchase: string) =>
  caller.call(member.id, 'reconcile', {
    method: 'POST',
    path: `/v1/workspaces/${member.id}/purchases/${purchase}/reconcile`,
    body: {},
  })

async function pay(world: World, caller: Caller, session: string): Promise<boolean> {
  const { chance } = caller
  const complete = (outcome: string) => caller.stripe(`checkout/sessions/${session}/complete`, { outcome })
  const story = chance.weighted<string[]>([
    [12, ['paid']],
    [2, ['declined', 'paid']],
    [1, ['declined']],
    [1, ['expired']],
    [2, ['async_pending', 'async_paid']],
    [1, ['async_pending', 'async_failed']],
    [1, ['async_pending']],
    [1, []],
  ])
  for (const outcome of story) {
    await complete(outcome)
    await think(chance, 120)
  }
  const last = story.at(-1)
  if (last === 'async_paid') world.states.reach('a slow payment that arrived')
  if (last === 'declined' || last === 'expired' || last === 'async_failed')
    world.states.reach('a purchase declined, expired or failed')
  return last === 'paid' || last === 'async_paid'
}

/** More than was bought, as what is running already may. */
function spend(caller: Caller, member: Member, { addOn, blocks }: { addOn: Meter; blocks: number }, reference: string) {
  const body = { lines: [{ meter: addOn, quantity: 5_000 * blocks }], mode: 'record', reference }
  const path = `/v1/workspaces/${member.id}/use`
  return caller.call(member.id, 'use', { method: 'POST', path, body, key: `u-${reference}` })
}

async function giveBack(world: World, caller: Caller, checkoutSession: string): Promise<void> {
  const { chance } = caller
  const way = chance.weighted<'part' | 'all' | 'lost' | 'won'>([
    [4, 'part'],
    [3, 'all'],
    [2, 'lost'],
    [2, 'won'],
  ])
  if (way === 'part') await caller.stripe('refunds', { checkoutSession, amount: chance.whole(1, 400) })
  if (way === 'all') await caller.stripe('refunds', { checkoutSession })
  if (way === 'part' || way === 'all') return world.states.reach('a refund')
  await caller.stripe('disputes', { checkoutSession, outcome: 'opened' })
  await think(chance, 400)
  await caller.stripe('disputes', { checkoutSession, outcome: way })
  world.states.reach(way === 'lost' ? 'a dispute lost' : 'a dispute won')
}
