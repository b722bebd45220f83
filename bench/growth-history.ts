import { defineCatalog } from '@headroom/core'
import type { EngineInterface } from '@headroom/engine'

/** Two meters, so that a ledger page by meter has something to leave out. */
export const catalog = defineCatalog({
  version: 'bench-growth',
  currency: 'usd',
  yearlyDiscountPercent: 0,
  freePlan: 'bench',
  meters: [
    { id: 'leads', label: 'Leads', unit: 'lead', units: 'leads', counted: { one: 'lead', many: 'leads' } },
    { id: 'sends', label: 'Sends', unit: 'send', units: 'sends', counted: { one: 'send', many: 'sends' } },
  ],
  plans: [
    {
      id: 'bench',
      name: 'Bench plan',
      description: 'Two meters.',
      family: 'self-serve',
      atLimit: 'buy_credits',
      prices: [{ contacts: null, monthCents: 0 }],
      allowances: { leads: 1_000_000_000, sends: 1_000_000_000 },
      rateCents: 0,
    },
  ],
  addOns: [],
})

const common = { key: null, requestId: 'req_bench', actor: 'bench', viewer: 'admin' } as const

export const createWorkspace = (engine: EngineInterface, workspace: string) =>
  engine.submit({
    op: 'create-workspace',
    workspace,
    name: 'Bench',
    plan: 'bench',
    contacts: null,
    interval: 'month',
    anchor: null,
    ...common,
  })

/** Reserve, then commit: two operations. Throws when either is refused, because everything here fits. */
export async function reserveAndCommit(
  engine: EngineInterface,
  workspace: string,
  id: string,
  timed: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
): Promise<void> {
  const lines = [{ meter: 'leads', quantity: 1 }]
  const reserve = { op: 'reserve', partial: false, ttlSeconds: 900, reference: null, metadata: null } as const
  const reserved = await timed(() => engine.submit({ ...reserve, workspace, id, lines, ...common }))
  if (reserved.status !== 201) throw new Error(`The engine refused what fits: ${JSON.stringify(reserved.body)}`)
  const commit = { op: 'commit', final: true } as const
  const committed = await timed(() => engine.submit({ ...commit, workspace, id, lines, ...common }))
  if (committed.status !== 200) throw new Error(`The engine refused a commit: ${JSON.stringify(committed.body)}`)
}

/**
 * A life of ten ledger entries over 24 days of the test clock: two grants, three reservations committed, two sends. All the same
 * age, different in nothing else: what is copied a million times must only be right.
 */
export async function liveTenEntries(engine: EngineInterface, workspaces: readonly string[]): Promise<void> {
  const day = 86_400_000
  await engine.setTestClock({ now: Date.now() - 25 * day })
  await Promise.all(workspaces.map((workspace) => createWorkspace(engine, workspace)))
  for (let week = 0; week < 3; week++) {
    await engine.setTestClock({ advance: 'P8D' })
    await Promise.all(workspaces.map((workspace) => reserveAndCommit(engine, workspace, `res_week_${week}`)))
    if (week === 0) continue
    await Promise.all(
      workspaces.map((workspace) =>
        engine.submit({
          op: 'use',
          workspace,
          id: `use_week_${week}`,
          lines: [{ meter: 'sends', quantity: 5 }],
          mode: 'enforce',
          reference: null,
          ...common,
        }),
      ),
    )
  }
}
