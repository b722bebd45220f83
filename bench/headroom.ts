import { defineCatalog, type Line } from '@headroom/core'
import { startEngine, type EngineInterface } from '@headroom/engine'
import pg from 'pg'
import { audit } from '../packages/engine/src/audit.ts'
import type { Contender, Totals } from './contender.ts'
import { asTotals, durable, meterNames, workspaceName, type TotalsRow } from './tables.ts'

const catalogOf = (limit: number, meters: string[]) =>
  defineCatalog({
    version: `bench-${limit}-${meters.length}`,
    currency: 'usd',
    yearlyDiscountPercent: 0,
    freePlan: 'bench',
    meters: meters.map((id) => ({ id, label: id, unit: id, units: id, counted: { one: id, many: id } })),
    plans: [
      {
        id: 'bench',
        name: 'Bench plan',
        description: 'The same limit on each meter.',
        family: 'self-serve',
        atLimit: 'buy_credits',
        prices: [{ contacts: null, monthCents: 0 }],
        allowances: Object.fromEntries(meters.map((id) => [id, limit])),
        rateCents: 0,
      },
    ],
    addOns: [],
  })

export interface HeadroomOptions {
  lanes?: number
  /** On how many meters each operation is booked. Default 1. */
  meters?: number
  /** Each operation comes with an idempotency key of its own, whose answer is stored beside what it did. */
  keyed?: boolean
}

/** Our engine in process, as the server uses it: every rule, the ledger, the fence. */
export async function headroom(
  urls: { url: string; ownerUrl: string },
  workspaces: number,
  limit: number,
  { lanes, meters = 1, keyed = false }: HeadroomOptions = {},
): Promise<Contender & { engine: EngineInterface }> {
  const names = meterNames.slice(0, meters)
  const engine = await startEngine({
    databaseUrl: urls.url,
    ownerUrl: urls.ownerUrl,
    catalog: catalogOf(limit, names),
    ...(lanes === undefined ? {} : { lanes }),
  })
  await makeWorkspaces(engine, workspaces)
  const linesOf = (quantity: number): Line[] => names.map((meter) => ({ meter, quantity }))
  const askedBy = (key: string) => ({ ...asked, key: keyed ? key : null })
  return {
    name: 'headroom',
    meters,
    engine,
    async reserve(workspace, id, quantity) {
      const answer = await engine.submit({
        op: 'reserve',
        workspace: workspaceName(workspace),
        id,
        lines: linesOf(quantity),
        partial: false,
        ttlSeconds,
        reference: null,
        metadata: null,
        ...askedBy(`reserve ${id}`),
      })
      return answer.status === 201 || answer.status === 200
    },
    async commit(workspace, id, quantity) {
      const answer = await engine.submit({
        op: 'commit',
        workspace: workspaceName(workspace),
        id,
        lines: linesOf(quantity),
        final: true,
        ...askedBy(`commit ${id}`),
      })
      return answer.status === 200
    },
    async check(workspace, quantity) {
      const answer = await engine.check(workspaceName(workspace), linesOf(quantity), asked.viewer, asked.requestId)
      return (answer.body as { allowed: boolean }).allowed
    },
    totals: () => onBooks(urls.url, totalsOf),
    audit: () => onBooks(urls.url, audited),
    stop: () => engine.stop(),
  }
}

const asked = { key: null, requestId: 'req_bench', actor: 'bench', viewer: 'admin' } as const
/** Nothing expires while the bench runs. */
const ttlSeconds = 86_400

async function makeWorkspaces(engine: EngineInterface, workspaces: number): Promise<void> {
  for (let from = 0; from < workspaces; from += 1_000) {
    await Promise.all(
      Array.from({ length: Math.min(1_000, workspaces - from) }, (_, index) =>
        engine.submit({
          op: 'create-workspace',
          workspace: workspaceName(from + index),
          name: 'Bench',
          plan: 'bench',
          contacts: null,
          interval: 'month',
          anchor: null,
          ...asked,
        }),
      ),
    )
  }
}

/** On a connection of its own: counting millions of entries takes longer than the engine lets a reader take. */
async function onBooks<T>(url: string, look: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=headroom -c work_mem=256MB' })
  await client.connect()
  try {
    return await look(client)
  } finally {
    await client.end()
  }
}

async function audited(client: pg.Client): Promise<void> {
  const { differences } = await audit(client)
  if (differences.length > 0) throw new Error(`The books are wrong: ${differences[0]}`)
}

/** Kinds 1 and 2 are reserve and commit. That every entry follows from the one before it is asked in `audit`. */
async function totalsOf(client: pg.Client): Promise<Totals> {
  const { rows } = await client.query<TotalsRow>(
    `select sum(b.used) as used, sum(b.reserved) as reserved,
            (select count(*) from ledger_entries where kind in (1, 2)) as entries,
            count(*) filter (where b.used + b.reserved > b."limit") as over,
            count(*) filter (where b.used <> last.used_after or b.reserved <> last.reserved_after or last is null) as unlike,
            ${durable}
       from balances b
       left join lateral (
         select used_after, reserved_after from ledger_entries e
          where e.workspace_id = b.workspace_id and e.meter = b.meter
          order by at desc, seq desc limit 1) last on true`,
  )
  return asTotals(rows[0]!)
}
