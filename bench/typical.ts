import pg from 'pg'
import type { Contender } from './contender.ts'

/**
 * What a Node application usually does, one transaction per request: BEGIN, SELECT … FOR UPDATE, check, insert the hold,
 * update the balance, write the ledger and the record that makes a repeat harmless, COMMIT. Ours keeps the same promises: the
 * reservation's own row is its record.
 */
export async function typical(url: string, workspaces: number, limit: number): Promise<Contender> {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c search_path=typical' })
  pool.on('error', () => {})
  await pool.query('create schema typical')
  await pool.query(
    'create table balances (workspace text primary key, lim bigint not null, used bigint not null, reserved bigint not null)',
  )
  await pool.query(
    'create table holds (id text primary key, workspace text not null, quantity bigint not null, state text not null, expires_at timestamptz not null)',
  )
  await pool.query(
    'create table ledger (id bigserial primary key, workspace text not null, kind text not null, quantity bigint not null, source text not null, used_after bigint not null, reserved_after bigint not null, at timestamptz not null default now())',
  )
  await pool.query(
    'create table idempotency (key text primary key, answer text not null, at timestamptz not null default now())',
  )
  await pool.query('create index on ledger (workspace, id)')
  await pool.query(`insert into balances select 'ws_' || n, $1, 0, 0 from generate_series(0, $2) n`, [
    limit,
    workspaces - 1,
  ])

  async function transaction(work: (client: pg.PoolClient) => Promise<boolean>): Promise<boolean> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const done = await work(client)
      await client.query('commit')
      return done
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  }

  const entry = (
    client: pg.PoolClient,
    workspace: string,
    kind: string,
    quantity: number,
    source: string,
    used: number,
    reserved: number,
  ) =>
    client.query(
      'insert into ledger (workspace, kind, quantity, source, used_after, reserved_after) values ($1, $2, $3, $4, $5, $6)',
      [workspace, kind, quantity, source, used, reserved],
    )

  /** True where this very request was done before. */
  async function isRepeated(client: pg.PoolClient, key: string): Promise<boolean> {
    const { rowCount } = await client.query(
      `insert into idempotency (key, answer) values ($1, '{"ok":true}') on conflict do nothing`,
      [key],
    )
    return rowCount === 0
  }

  return {
    name: 'typical',
    reserve: (workspace, id, quantity) =>
      transaction(async (client) => {
        const { rows } = await client.query(
          'select lim, used, reserved from balances where workspace = $1 for update',
          [`ws_${workspace}`],
        )
        const [limit, used, reserved] = [Number(rows[0].lim), Number(rows[0].used), Number(rows[0].reserved)]
        if (limit - used - reserved < quantity || (await isRepeated(client, `reserve ${id}`))) return false
        await client.query(
          `insert into holds (id, workspace, quantity, state, expires_at) values ($1, $2, $3, 'held', now() + interval '15 minutes')`,
          [id, `ws_${workspace}`, quantity],
        )
        await client.query('update balances set reserved = $2 where workspace = $1', [
          `ws_${workspace}`,
          reserved + quantity,
        ])
        await entry(client, `ws_${workspace}`, 'reserve', quantity, id, used, reserved + quantity)
        return true
      }),
    commit: (workspace, id, quantity) =>
      transaction(async (client) => {
        const { rows } = await client.query('select used, reserved from balances where workspace = $1 for update', [
          `ws_${workspace}`,
        ])
        const hold = await client.query(`select quantity from holds where id = $1 and state = 'held' for update`, [id])
        if (hold.rows.length === 0 || (await isRepeated(client, `commit ${id}`))) return false
        const [used, reserved] = [
          Number(rows[0].used) + quantity,
          Number(rows[0].reserved) - Number(hold.rows[0].quantity),
        ]
        await client.query(`update holds set state = 'committed' where id = $1`, [id])
        await client.query('update balances set used = $2, reserved = $3 where workspace = $1', [
          `ws_${workspace}`,
          used,
          reserved,
        ])
        await entry(client, `ws_${workspace}`, 'commit', quantity, id, used, reserved)
        return true
      }),
    async totals() {
      const { rows } = await pool.query<{ used: string; reserved: string; entries: string; over: string }>(
        `select (select sum(used) from balances) as used, (select sum(reserved) from balances) as reserved,
                (select count(*) from ledger) as entries, (select count(*) from balances where used + reserved > lim) as over`,
      )
      const { used, reserved, entries, over } = rows[0]!
      return { used: Number(used), reserved: Number(reserved), entries: Number(entries), over: Number(over) }
    },
    stop: () => pool.end(),
  }
}
