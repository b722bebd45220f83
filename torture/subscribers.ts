/** People who pay for a plan: it begins at Stripe, is renewed as time goes, its card fails for a while, and it ends. */
import { sessionOf } from './buyers.ts'
import { idFor } from './cast.ts'
import { answerOf, of, think, type World } from './world.ts'

export async function runSubscribers(world: World, name: string): Promise<void> {
  const caller = world.caller(name)
  const { chance } = caller
  for (let n = 1; !world.isOver(); n++) {
    await think(chance, 500)
    const member = chance.oneOf(of('subscriber'))
    const [plan, contacts] = chance.oneOf([
      ['starter', 1_000],
      ['growth', 5_000],
      ['starter', 3_000],
    ] as const)
    const body = { plan, contacts, interval: chance.percent(80) ? 'month' : 'year' }
    const key = `c-${idFor(member.id, 'c', name, n)}`
    const path = `/v1/workspaces/${member.id}/checkout`
    const opened = answerOf<{ purchaseId: string }>(
      await caller.call(member.id, 'checkout', { method: 'POST', path, body, key }),
    )
    if (opened?.status === 201) {
      const session = await sessionOf(caller, member, opened.body.purchaseId)
      if (session !== undefined) await caller.stripe(`checkout/sessions/${session}/complete`, { outcome: 'paid' })
    } else if (opened?.status === 409) {
      const read = await caller.call(member.id, 'purchases', {
        method: 'GET',
        path: `/v1/workspaces/${member.id}/purchases`,
      })
      const purchases = answerOf<{ data: { checkoutSession?: string; state: string; plan: string | null }[] }>(read)
      const paid = purchases?.body.data.find(({ plan, state }) => plan !== null && state === 'paid')
      const subscription = paid?.checkoutSession && (await subscriptionOf(caller, paid.checkoutSession))
      if (subscription) {
        const paymentFails = chance.percent(40)
        await caller.stripe(`subscriptions/${subscription}`, { paymentFails })
        if (chance.percent(20)) await caller.stripe(`subscriptions/${subscription}`, { status: 'unpaid' })
      }
    }
  }
}

/** A control call that changes nothing tells which subscription a session has begun. */
async function subscriptionOf(caller: ReturnType<World['caller']>, session: string): Promise<string | undefined> {
  const found = await caller.stripe<{ subscription?: string | null }>(`checkout/sessions/${session}/complete`, {
    outcome: 'paid',
  })
  return found?.subscription ?? undefined
}
