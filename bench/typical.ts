import type pg from 'pg'
import type { Contender } from './contender.ts'
import { makeTables, meterNames, pool as openPool, totalsOf, workspaceName } from './tables.ts'

/**
 * What a Node application usually does, one transaction per request: BEGIN, SELECT … FOR UPDATE, check, the record that makes
 * a repeat harmless, insert the hold, update the balance, write the ledger, COMMIT. Ours keeps the same promises: the
 * reservation's own row is its record.
 */
export async function typical(url: string, workspaces: number, limit: number, meters = 1): Promise<Contender> {
  const pool = openPool(url, 'typical')
  await makeTables(pool, 'typical', { workspaces, limit, meters })

  return {
    name: 'typical',
    meters,
    reserve: (workspace, id, quantity) =>
      transaction(pool, async (client) => {
        const balances = await lock(client, workspace)
        if (await isRepeated(client, `reserve ${id}`)) return true
        if (balances.some(({ limit, used, reserved }) => limit - used - reserved < quantity)) return false
        for (const balance of balances) {
          await client.query(
            `insert into holds (id, meter, workspace, quantity, state, expires_at)
             values ($1, $2, $3, $4, 'held', now() + interval '15 minutes')`,
            [id, balance.meter, workspaceName(workspace), quantity],
          )
          await book(client, { ...balance, reserved: balance.reserved + quantity }, 'reserve', quantity, id)
        }
        return true
      }),
    commit: (workspace, id, quantity) =>
      transaction(pool, async (client) => {
        const balances = await lock(client, workspace)
        if (await isRepeated(client, `commit ${id}`)) return true
        const holds = await client.query<{ meter: string; quantity: string }>(
          `select meter, quantity from holds where id = $1 and state = 'held' order by meter for update`,
          [id],
        )
        if (holds.rows.length === 0) return false
        await client.query(`update holds set state = 'committed' where id = $1`, [id])
        for (const hold of holds.rows) {
          const balance = balances.find(({ meter }) => meter === hold.meter)!
          const [used, reserved] = [balance.used + quantity, balance.reserved - Number(hold.quantity)]
          await book(client, { ...balance, used, reserved }, 'commit', quantity, id)
        }
        return true
      }),
    async check(workspace, quantity) {
      const { rows } = await pool.query<{ available: string }>(
        'select lim - used - reserved as available from balances where workspace = $1 and meter = $2',
        [workspaceName(workspace), meterNames[0]],
      )
      return Number(rows[0]!.available) >= quantity
    },
    totals: () => totalsOf(pool),
    stop: () => pool.end(),
  }
}

interface Balance {
  workspace: string
  meter: string
  limit: number
  used: number
  reserved: number
}

/** Commits what was done, and nothing of what was refused. */
async function transaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<boolean>): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const done = await work(client)
    await client.query(done ? 'commit' : 'rollback')
    return done
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function lock(client: pg.PoolClient, workspace: number): Promise<Balance[]> {
  const { rows } = await client.query<{ meter: string; lim: string; used: string; reserved: string }>(
    'select meter, lim, used, reserved from balances where workspace = $1 order by meter for update',
    [workspaceName(workspace)],
  )
  return rows.map(({ meter, lim, used, reserved }) => ({
    workspace: workspaceName(workspace),
    meter,
    limit: Number(lim),
    used: Number(used),
    reserved: Number(reserved),
  }))
}

/** True where this very request was done before. */
async function isRepeated(client: pg.PoolClient, key: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into idempotency (key, answer) values ($1, '{"ok":true}') on conflict do nothing`,
    [key],
  )
  return rowCount === 0
}

/** Writes the balance as it now stands and the ledger entry that says why. */
async function book(client: pg.PoolClient, after: Balance, kind: string, quantity: number, source: string) {
  const { workspace, meter, used, reserved } = after
  await client.query('update balances set used = $3, reserved = $4 where workspace = $1 and meter = $2', [
    workspace,
    meter,
    used,
    reserved,
  ])
  await client.query(
    `insert into ledger (workspace, meter, kind, quantity, source, used_after, reserved_after)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [workspace, meter, kind, quantity, source, used, reserved],
  )
}
