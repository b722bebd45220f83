/** What Stripe has told us is not forgotten before it has taken effect, whatever dies in between. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import { bookedOf } from './chaos-oracle.ts'
import { sessionOf, setStage, type Stage } from './chaos-stage.ts'

const never = 1e9
const patience = { timeout: 60_000, interval: 50 }
const workspace = 'ws_told'

let stage: Stage

beforeAll(async () => {
  // Nobody looks after anything by himself: what is booked was told.
  stage = await setStage({ inboxMs: 100, purchasesMs: never, unlookedMs: never, eventsMs: never, customersMs: never })
  await stage.headroom.workspaces.create({ id: workspace, name: workspace, plan: 'starter', contacts: 1_000 })
}, 60_000)
afterAll(() => stage?.stop())

test('told while Stripe cannot be asked, and killed before it can: it is worked off all the same, once', async () => {
  const { purchaseId, url } = await stage.headroom.purchases.checkout(workspace, { addOn: 'leads', blocks: 2 })
  await stage.pay(url)
  await expect.poll(booked, patience).toEqual({ leads: 2_000, email_sends: 8_000 })

  await stage.sim('faults', { status: 500 })
  await stage.sim('refunds', { checkoutSession: sessionOf(url), amount: 9_000 })
  await expect.poll(putOff, patience).toBe(3)
  await stage.killServer()
  await stage.startServer()
  expect(await putOff()).toBe(3)
  expect(await booked()).toEqual({ leads: 2_000, email_sends: 8_000 })

  await stage.sim('faults', { status: null })
  await expect.poll(booked, patience).toEqual({ leads: 1_000, email_sends: 4_000 })
  await expect.poll(async () => (await stage.engine.inbox.counts()).waiting, patience).toBe(0)
  expect((await stage.engine.audit()).differences).toEqual([])

  async function booked() {
    return (await bookedOf(stage)).get(purchaseId)!.net
  }
}, 180_000)

/** Events that were tried in vain and are still to be worked off. */
async function putOff(): Promise<number> {
  const client = new pg.Client({ connectionString: stage.database.url, options: '-c search_path=headroom' })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from inbox where state = 0 and note is not null')
    return rowCount!
  } finally {
    await client.end()
  }
}
