/**
 * Money in under bad weather: many purchases, each event delivered 1 to 6 times, out of order, up to 72 hours late by the clock, one in
 * ten never; Stripe fails for moments, and the server is killed now and then. In the end Stripe's own word is held against the books.
 *
 * The whole of it: CHAOS_PURCHASES=2000 npx vitest run packages/stripe/test/chaos.test.ts
 * The same choices again: CHAOS_SEED=… beside it. What interleaves with what is the machine's.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import { Driver } from './chaos-driver.ts'
import { bookedOf, judge, truthOf, type Verdict } from './chaos-oracle.ts'
import { Chance } from '../../../torture/chance.ts'
import { setStage, type Stage } from './chaos-stage.ts'

const size = Number(process.env.CHAOS_PURCHASES ?? 200)
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const shops = 32
/** How long a machine that does much else besides may take. */
const patienceMs = 1_800_000
/** When nothing gets better for so long, it does not get better. */
const stuckMs = 60_000

let stage: Stage

beforeAll(async () => {
  stage = await setStage({ inboxMs: 100, purchasesMs: 1_000, unlookedMs: 2_000, eventsMs: 10_000, customersMs: 1e9 })
}, 60_000)
afterAll(() => stage?.stop())

test(
  `A38 A145 A146 A155 ${size} purchases in chaos: each paid one is granted exactly once, each unpaid one never`,
  async () => {
    const driver = new Driver(stage, new Chance(seed), size)
    await driver.play(shops)
    const { verdict, limits } = await settled(driver)
    const { deliveries, kinds } = await weather()
    console.log(
      `chaos: seed ${seed}: ${size} purchases of ${shops} workspaces, ${verdict.paid} paid, ${verdict.unpaid} not; ` +
        `${kinds} events, ${deliveries.delivered} deliveries, ${deliveries.dropped} dropped, ${stage.kills} kills; ` +
        `${verdict.missing.length} missing, ${verdict.double.length} double`,
    )
    const { missing, double, other } = verdict
    expect({ missing, double, other }).toEqual({ missing: [], double: [], other: [] })
    expect(limits.found).toEqual(limits.expected)
    expect((await stage.engine.audit()).differences).toEqual([])
    expect(verdict.paid + verdict.unpaid).toBe(size)
    expect(stage.kills).toBeGreaterThan(0)
    expect(deliveries.dropped).toBeGreaterThan(0)
  },
  patienceMs,
)

interface Limits {
  expected: Record<string, Record<string, number | null>>
  found: Record<string, Record<string, number | null>>
}

/** Once all is right and nothing is on its way any more; or as it stands, when nothing has got better for long. */
async function settled(driver: Driver): Promise<{ verdict: Verdict; limits: Limits }> {
  const truths = await truthOf(stage.stripe)
  let [least, until] = [Infinity, 0]
  for (;;) {
    const verdict = judge(driver.played.values(), truths, await bookedOf(stage))
    const { waiting } = await stage.engine.inbox.counts()
    const wrong = verdict.missing.length + verdict.double.length + verdict.other.length
    const left = wrong + waiting + (await weather()).deliveries.waiting
    if (left < least) [least, until] = [left, Date.now() + stuckMs]
    if (left === 0 || Date.now() > until) return { verdict, limits: await limitsOf(driver, truths) }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

const allowances: Record<string, Record<string, number | null>> = {
  free: { leads: 50, email_sends: 200, ai_campaigns: 1 },
  starter: { leads: 1_000, email_sends: 4_000, ai_campaigns: 3 },
  growth: { leads: 5_000, email_sends: 20_000, ai_campaigns: 25 },
  dfy: { leads: 10_000, email_sends: null, ai_campaigns: null },
}

async function limitsOf({ shops, played }: Driver, truths: Awaited<ReturnType<typeof truthOf>>): Promise<Limits> {
  const limits: Limits = { expected: {}, found: {} }
  for (const { id, plan } of shops) {
    const { meters } = (await stage.engine.usage(id))!.usage
    limits.found[id] = Object.fromEntries(meters.map(({ meter, limit }) => [meter, limit]))
    limits.expected[id] = { ...allowances[plan] }
  }
  for (const { workspace, session } of played.values()) {
    for (const [meter, quantity] of Object.entries(truths.get(session)!.net)) {
      const before = limits.expected[workspace]![meter]
      if (before !== null) limits.expected[workspace]![meter] = before! + quantity
    }
  }
  return limits
}

async function weather() {
  const client = new pg.Client({ connectionString: stage.database.ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from stripe_simulator.deliveries group by 1',
    )
    const events = await client.query<{ count: number }>(
      "select count(*)::int as count from stripe_simulator.objects where kind = 'event'",
    )
    const none = { waiting: 0, delivered: 0, dropped: 0, failed: 0 }
    const deliveries = { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) }
    return { deliveries, kinds: events.rows[0]!.count }
  } finally {
    await client.end()
  }
}
