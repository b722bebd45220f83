import type { Contender } from './contender.ts'
import { makeTables, meterNames, pool as openPool, totalsOf, workspaceName } from './tables.ts'

/** The balance, the hold, the ledger entry and the record of the request in one statement: no lock outlives it. */
const reserve = `
  with balance as (
         update balances set reserved = reserved + $4
          where workspace = $1 and meter = $2 and lim - used - reserved >= $4
            and not exists (select 1 from idempotency where key = 'reserve ' || $3)
         returning used, reserved),
       hold as (
         insert into holds (id, meter, workspace, quantity, state, expires_at)
         select $3, $2, $1, $4, 'held', now() + interval '15 minutes' from balance),
       entry as (
         insert into ledger (workspace, meter, kind, quantity, source, used_after, reserved_after)
         select $1, $2, 'reserve', $4, $3, used, reserved from balance),
       record as (
         insert into idempotency (key, answer) select 'reserve ' || $3, '{"ok":true}' from balance)
  select 1 from balance`

const commit = `
  with hold as (
         update holds set state = 'committed'
          where id = $3 and meter = $2 and state = 'held' and quantity >= $4
         returning quantity),
       balance as (
         update balances b set used = b.used + $4, reserved = b.reserved - hold.quantity from hold
          where b.workspace = $1 and b.meter = $2
         returning b.used, b.reserved),
       entry as (
         insert into ledger (workspace, meter, kind, quantity, source, used_after, reserved_after)
         select $1, $2, 'commit', $4, $3, used, reserved from balance),
       record as (
         insert into idempotency (key, answer) select 'commit ' || $3, '{"ok":true}' from balance)
  select 1 from balance`

const uniqueViolation = '23505'

/**
 * What a careful person writes: one conditional UPDATE per request with all that belongs to it, prepared, without a
 * transaction around it. Nothing written means refused or done before: the record tells which.
 */
export async function oneStatement(url: string, workspaces: number, limit: number): Promise<Contender> {
  const pool = openPool(url, 'one_statement')
  await makeTables(pool, 'one_statement', { workspaces, limit })

  async function ask(name: string, text: string, workspace: number, id: string, quantity: number): Promise<boolean> {
    const values = [workspaceName(workspace), meterNames[0], id, quantity]
    try {
      const { rows } = await pool.query({ name, text, values })
      if (rows.length > 0) return true
    } catch (error) {
      // The same request was under way at the same time and won.
      if ((error as { code?: string }).code !== uniqueViolation) throw error
    }
    const { rowCount } = await pool.query('select 1 from idempotency where key = $1', [`${name} ${id}`])
    return rowCount === 1
  }

  return {
    name: 'one-statement',
    reserve: (workspace, id, quantity) => ask('reserve', reserve, workspace, id, quantity),
    commit: (workspace, id, quantity) => ask('commit', commit, workspace, id, quantity),
    totals: () => totalsOf(pool),
    stop: () => pool.end(),
  }
}
