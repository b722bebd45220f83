/** Looks at the books again and again while they are written: what must hold at every instant, and that the past stays as it was. */
import type pg from 'pg'
import { knownAt, type History } from '../history.ts'
import { checkMeanwhile, type CatalogBody } from './check.ts'
import { connectChecker, readAll } from './rows.ts'
import type { Violations } from './violations.ts'

/** Each asks for what may not be; a row is a violation. */
const questions: { invariant: string; what: string; sql: string }[] = [
  {
    invariant: 'I1',
    what: 'a balance stands above its limit and overage, or a figure is negative',
    sql: `select workspace_id, to_jsonb(b) as row from balances b
           where used < 0 or reserved < 0 or overage < 0 or "limit" < 0
              or overage <> greatest(0, coalesce(used + reserved - "limit", 0))`,
  },
  {
    invariant: 'I3',
    what: 'a balance is not the sum of its entries',
    sql: `select b.workspace_id, jsonb_build_object('balance', to_jsonb(b), 'used', s.used, 'reserved', s.reserved) as row
            from balances b
            left join (select workspace_id, period_start, meter,
                              coalesce(sum(quantity) filter (where kind in (2, 5, 9)), 0) as used,
                              coalesce(sum(quantity) filter (where kind = 1), 0) - coalesce(sum(quantity) filter (where kind in (2, 3, 4)), 0) as reserved
                         from ledger_entries group by 1, 2, 3) s
              on s.workspace_id = b.workspace_id and s.period_start = b.period_start and s.meter = b.meter
           where b.used <> coalesce(s.used, 0) or b.reserved <> coalesce(s.reserved, 0)`,
  },
  {
    invariant: 'I5',
    what: 'what is reserved is not what is held',
    sql: `with held as (
            select workspace_id, period_start, line ->> 0 as meter, sum((line ->> 2)::bigint - (line ->> 3)::bigint) as reserved
              from reservations cross join jsonb_array_elements(lines) line where state = 0 group by 1, 2, 3)
          select b.workspace_id, jsonb_build_object('balance', to_jsonb(b), 'held', h.reserved) as row
            from balances b left join held h on h.workspace_id = b.workspace_id and h.period_start = b.period_start and h.meter = b.meter
           where b.reserved <> coalesce(h.reserved, 0)`,
  },
  {
    invariant: 'I8',
    what: 'two periods overlap',
    sql: `select distinct a.workspace_id, jsonb_build_array(a.period_start, a.period_end, b.period_start, b.period_end) as row
            from balances a join balances b on b.workspace_id = a.workspace_id and b.period_start > a.period_start and b.period_start < a.period_end`,
  },
  {
    invariant: 'I7',
    what: 'a purchase was granted twice',
    sql: `select workspace_id, jsonb_build_array(source_id, meter, count(*)) as row from ledger_entries
           where source_type = 1 and kind = 0 group by workspace_id, source_id, meter having count(*) > 1`,
  },
]

const past = `select workspace_id, count(*)::int as count, md5(string_agg(e::text, chr(10) order by seq)) as hash
                from ledger_entries e join unnest($1::text[], $2::bigint[]) as known(workspace, until) on workspace = workspace_id and seq <= until
               group by 1`
const present = `select workspace_id, max(seq)::text as until, count(*)::int as count, md5(string_agg(e::text, chr(10) order by seq)) as hash
                   from ledger_entries e group by 1`

export class Watch {
  readonly #url: string
  readonly #violations: Violations
  #client: pg.Client | null = null
  #known = new Map<string, { until: string; count: number; hash: string }>()
  /** How often it has looked, and how often at everything. */
  looks = 0
  wholeLooks = 0

  constructor(url: string, violations: Violations) {
    this.#url = url
    this.#violations = violations
  }

  /** One look, in one snapshot. */
  look(): Promise<void> {
    return this.#see(async (client) => {
      await client.query('begin isolation level repeatable read read only')
      for (const { invariant, what, sql } of questions) {
        const { rows } = await client.query<{ workspace_id: string; row: unknown }>(sql)
        for (const { workspace_id, row } of rows)
          this.#violations.add(invariant, workspace_id, `${what}: ${JSON.stringify(row)}`)
      }
      await this.#comparePast(client)
      await client.query('commit')
      this.looks += 1
    })
  }

  /** Everything there is against everything that has been answered by now. */
  lookAtAll(history: History, catalog: CatalogBody): Promise<void> {
    return this.#see(async (client) => {
      const from = history.tick()
      const snapshot = await readAll(client)
      const calls = knownAt(history, from, history.tick())
      checkMeanwhile(snapshot, { calls, catalog }, this.#violations)
      this.wholeLooks += 1
    })
  }

  /** Where the database is away there is nothing to see; any other fault is one of the checker's. */
  async #see(look: (client: pg.Client) => Promise<void>): Promise<void> {
    try {
      this.#client ??= await connectChecker(this.#url)
      await look(this.#client)
    } catch (fault) {
      await this.close()
      if (!isAway(fault)) throw fault
    }
  }

  /** Entries are only ever added: those that were there say what they said. */
  async #comparePast(client: pg.Client): Promise<void> {
    const known = this.#known
    const before = await client.query<{ workspace_id: string; count: number; hash: string }>(past, [
      [...known.keys()],
      [...known.values()].map(({ until }) => until),
    ])
    const found = new Map(before.rows.map((row) => [row.workspace_id, row]))
    for (const [workspace, { count, hash }] of known) {
      const row = found.get(workspace)
      const same = row?.count === count && row.hash === hash
      this.#violations.hold(
        same,
        'I10',
        workspace,
        () => `its ledger's past is not what it was: ${row?.count ?? 0} of ${count} entries`,
      )
    }
    const { rows } = await client.query<{ workspace_id: string; until: string; count: number; hash: string }>(present)
    this.#known = new Map(rows.map(({ workspace_id, ...rest }) => [workspace_id, rest]))
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => {})
    this.#client = null
  }
}

/** No connection, one that broke, or a PostgreSQL that is just ending or just beginning (class 57). */
function isAway(fault: unknown): boolean {
  const { code = '', message } = fault as Error & { code?: string }
  return /^(?:E[A-Z]+|08...|57...)$/.test(code) || /terminated|timeout|closed|not queryable/i.test(message)
}
