/**
 * All three callers of the one grant function at the same moment: the webhook, the return page, and the reconciler of another server.
 *
 * The whole of it: RACE_PURCHASES=1000 npx vitest run packages/stripe/test/chaos-race.test.ts
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createContext } from '../src/create-money.ts'
import { createSettling, type Settling } from '../src/settle-purchase.ts'
import { bookedOf } from './chaos-oracle.ts'
import { Chance } from '../../../torture/chance.ts'
import { setStage, type Stage } from './chaos-stage.ts'

const size = Number(process.env.RACE_PURCHASES ?? 200)
const seed = Number(process.env.RACE_SEED ?? Date.now() % 1_000_000)
const atOnce = 25
/** The three begin within this of each other. */
const spreadMs = 8
const patienceMs = 900_000
const never = 1e9

let stage: Stage
let reconciler: Settling

beforeAll(async () => {
  stage = await setStage({ inboxMs: 10, purchasesMs: never, unlookedMs: never, eventsMs: never, customersMs: never })
  const { engine, secretKey, apiBase } = stage
  const context = createContext({ engine, secretKey, apiBase, publicUrl: 'https://other.example.test', log: () => {} })
  reconciler = createSettling(context, () => Promise.resolve())
}, 60_000)
afterAll(() => stage?.stop())

test(
  `A145 return page × webhook × reconciler race for ${size} purchases: one grant each`,
  async () => {
    const chance = new Chance(seed)
    const { headroom } = stage
    const shops = Array.from({ length: atOnce }, (_, index) => `ws_race_${index}`)
    const open = (id: string) => headroom.workspaces.create({ id, name: id, plan: 'starter', contacts: 1_000 })
    await Promise.all(shops.map((id) => stage.insist(() => open(id))))
    const raced: string[] = []
    for (let left = size; left > 0; left -= atOnce) {
      await stage.sim('webhooks', { paused: true })
      const bought = await Promise.all(shops.slice(0, left).map(buy))
      const wait = () => pause(chance.whole(0, spreadMs))
      await Promise.all([
        wait().then(() => stage.sim('webhooks', { paused: false })),
        ...bought.map(({ workspace, id }) => after(wait(), () => headroom.purchases.reconcile(workspace, id))),
        ...bought.map(({ workspace, id }) => after(wait(), () => reconciler.settlePurchase(workspace, id))),
      ])
      raced.push(...bought.map(({ id }) => id))
    }
    await expect.poll(async () => (await stage.engine.inbox.counts()).waiting, { timeout: 60_000 }).toBe(0)
    const booked = await bookedOf(stage)
    const grants = raced.map((id) => booked.get(id)?.grants['leads'] ?? 0)
    const [none, more] = [grants.filter((count) => count === 0).length, grants.filter((count) => count > 1).length]
    console.log(`race: seed ${seed}: ${size} purchases, ${none} not granted, ${more} granted more than once`)
    expect({ none, more, raced: raced.length }).toEqual({ none: 0, more: 0, raced: size })
    for (const [index, workspace] of shops.entries()) {
      const times = Math.ceil((size - index) / atOnce)
      const { meters } = (await stage.engine.usage(workspace))!.usage
      const limits = Object.fromEntries(meters.map(({ meter, limit }) => [meter, limit]))
      expect(limits).toEqual({ leads: 1_000 * (1 + times), email_sends: 4_000 * (1 + times), ai_campaigns: 3 })
    }
    expect((await stage.engine.audit()).differences).toEqual([])
  },
  patienceMs,
)

/** Bought and paid for; nobody has looked at it yet. */
async function buy(workspace: string): Promise<{ workspace: string; id: string }> {
  const once = { idempotencyKey: randomUUID() }
  const ask = () => stage.headroom.purchases.checkout(workspace, { addOn: 'leads', blocks: 1 }, once)
  const made = await stage.insist(ask)
  await stage.pay(made.url)
  return { workspace, id: made.purchaseId }
}

const after = (waited: Promise<unknown>, ask: () => Promise<unknown>) => waited.then(() => stage.insist(ask))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
