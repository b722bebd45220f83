import { defineCatalog } from '@headroom/core'
import { startEngine, type EngineInterface } from '@headroom/engine'
import pg from 'pg'
import type { Contender } from './contender.ts'

const catalogOf = (limit: number) =>
  defineCatalog({
    version: `bench-${limit}`,
    currency: 'usd',
    yearlyDiscountPercent: 0,
    freePlan: 'bench',
    meters: [{ id: 'leads', label: 'Leads', unit: 'lead', units: 'leads', counted: { one: 'lead', many: 'leads' } }],
    plans: [
      {
        id: 'bench',
        name: 'Bench plan',
        description: 'One meter.',
        family: 'self-serve',
        atLimit: 'buy_credits',
        prices: [{ contacts: null, monthCents: 0 }],
        allowances: { leads: limit },
        rateCents: 0,
      },
    ],
    addOns: [],
  })

/** Our engine in process, as the server uses it: every rule, the ledger, the fence. */
export async function headroom(
  urls: { url: string; ownerUrl: string },
  workspaces: number,
  limit: number,
  lanes?: number,
): Promise<Contender & { engine: EngineInterface }> {
  const engine = await startEngine({
    databaseUrl: urls.url,
    ownerUrl: urls.ownerUrl,
    catalog: catalogOf(limit),
    ...(lanes === undefined ? {} : { lanes }),
  })
  const common = { key: null, requestId: 'req_bench', actor: 'bench', viewer: 'admin' } as const
  for (let from = 0; from < workspaces; from += 1_000) {
    await Promise.all(
      Array.from({ length: Math.min(1_000, workspaces - from) }, (_, index) =>
        engine.submit({
          op: 'create-workspace',
          workspace: `ws_${from + index}`,
          name: 'Bench',
          plan: 'bench',
          contacts: null,
          interval: 'month',
          anchor: null,
          ...common,
        }),
      ),
    )
  }
  return {
    name: 'headroom',
    engine,
    async reserve(workspace, id, quantity) {
      const lines = [{ meter: 'leads', quantity }]
      const answer = await engine.submit({
        op: 'reserve',
        workspace: `ws_${workspace}`,
        id,
        lines,
        partial: false,
        ttlSeconds: 900,
        reference: null,
        metadata: null,
        ...common,
      })
      return answer.status === 201
    },
    async commit(workspace, id, quantity) {
      const lines = [{ meter: 'leads', quantity }]
      const answer = await engine.submit({
        op: 'commit',
        workspace: `ws_${workspace}`,
        id,
        lines,
        final: true,
        ...common,
      })
      return answer.status === 200
    },
    async totals() {
      const { differences } = await engine.audit()
      if (differences.length > 0) throw new Error(`The books are wrong: ${differences[0]}`)
      const client = new pg.Client({ connectionString: urls.url, options: '-c search_path=headroom' })
      await client.connect()
      const { rows } = await client.query<{ used: string; reserved: string; entries: string; over: string }>(
        `select (select sum(used) from balances) as used, (select sum(reserved) from balances) as reserved,
                (select count(*) from ledger_entries where kind in (1, 2)) as entries,
                (select count(*) from balances where used + reserved > "limit") as over`,
      )
      await client.end()
      const { used, reserved, entries, over } = rows[0]!
      return { used: Number(used), reserved: Number(reserved), entries: Number(entries), over: Number(over) }
    },
    stop: () => engine.stop(),
  }
}
