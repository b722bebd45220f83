import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Contender } from './contender.ts'
import { durable, pool as openPool, workspaceName } from './tables.ts'

/**
 * rate-limiter-flexible on PostgreSQL: one upsert per request. It keeps a counter per workspace and nothing else, so an
 * operation is one consume; its counter also counts what it refuses.
 */
export async function rateLimiter(url: string, limit: number): Promise<Contender> {
  const pool = openPool(url, 'rate_limiter')
  await pool.query('create schema rate_limiter')
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const made: RateLimiterPostgres = new RateLimiterPostgres(
      { storeClient: pool, storeType: 'pool', tableName: 'balances', points: limit, duration: 0, keyPrefix: '' },
      (error) => (error ? reject(error) : resolve(made)),
    )
  })
  return {
    name: 'rate-limiter-flexible',
    counter: true,
    async reserve(workspace, _id, quantity) {
      try {
        await limiter.consume(workspaceName(workspace), quantity)
        return true
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return false
        throw refused
      }
    },
    async commit() {
      throw new Error('A counter has nothing to commit')
    },
    async totals() {
      const { rows } = await pool.query<{ used: string; durable: boolean }>(
        `select coalesce((select sum(points) from balances), 0) as used, ${durable}`,
      )
      return { used: Number(rows[0]!.used), reserved: 0, entries: 0, over: 0, unlike: 0, durable: rows[0]!.durable }
    },
    stop: () => pool.end(),
  }
}
