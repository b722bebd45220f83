/** Stripe's state in PostgreSQL. One transaction at a time, in this process and among all of them. */
import pg from 'pg'
import { StripeFault } from './fault.ts'
import { makeSchema } from './schema.ts'
import { settingsOf, type Settings } from './settings.ts'
import { StoreTx } from './store-tx.ts'

export interface Origin {
  /** The API request that caused what happens; null for time and for what people do on the hosted pages. */
  requestId: string | null
  idempotencyKey: string | null
}

export class Store {
  readonly pool: pg.Pool
  readonly #clock: () => Promise<number>
  readonly #publicUrl: string
  /** Requests of this process queue here, not on the pool's connections. */
  #last: Promise<unknown> = Promise.resolve()
  /** Called after a commit that left events to deliver. */
  onEvents: () => void = () => undefined

  private constructor(pool: pg.Pool, clock: () => Promise<number>, publicUrl: string) {
    this.pool = pool
    this.#clock = clock
    this.#publicUrl = publicUrl
  }

  static async open(options: { databaseUrl: string; clock: () => Promise<number>; publicUrl: string }): Promise<Store> {
    const pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: 4,
      // Signing in costs more than a connection that waits.
      idleTimeoutMillis: 60_000,
      // A frozen process must not stop Stripe for the others.
      options: '-c idle_in_transaction_session_timeout=10000',
    })
    // An idle connection that breaks is replaced by the pool.
    pool.on('error', () => undefined)
    // The pool listens only while a connection is idle; one lost between two statements of a transaction would end the process.
    pool.on('connect', (client) => void client.on('error', () => undefined))
    const client = await pool.connect()
    try {
      await makeSchema(client)
    } finally {
      client.release()
    }
    return new Store(pool, options.clock, options.publicUrl)
  }

  /**
   * Everything `work` does is stored, or nothing of it when it throws; a StripeFault 402 is thrown on only after its
   * effects are stored, for a declined charge is a fact.
   */
  transaction<T>(work: (tx: StoreTx) => Promise<T>, origin?: Origin): Promise<T> {
    const turn = this.#last.then(() => this.#run(work, origin ?? { requestId: null, idempotencyKey: null }))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async settings(): Promise<Settings> {
    const { rows } = await this.pool.query<{ settings: Partial<Settings> }>(
      'select settings from stripe_simulator.gate',
    )
    return settingsOf(rows[0]?.settings ?? {})
  }

  async close(): Promise<void> {
    await this.#last
    await this.pool.end()
  }

  async #run<T>(work: (tx: StoreTx) => Promise<T>, origin: Origin): Promise<T> {
    const client = await this.pool.connect()
    let broken = false
    try {
      const tx = await this.#begin(client, origin)
      const outcome = await settle(work(tx))
      if (!outcome.ok && !isDecline(outcome.fault)) throw outcome.fault
      await tx.flush()
      await client.query('commit')
      if (tx.hasEvents) this.onEvents()
      if (!outcome.ok) throw outcome.fault
      return outcome.value
    } catch (fault) {
      // After a commit this is a harmless warning; a connection that cannot even roll back is thrown away.
      broken = await client.query('rollback').then(
        () => false,
        () => true,
      )
      throw fault
    } finally {
      client.release(broken)
    }
  }

  async #begin(client: pg.PoolClient, origin: Origin): Promise<StoreTx> {
    const [, locked] = (await client.query(
      'begin; select settings, settled_to from stripe_simulator.gate where id = 1 for update',
    )) as unknown as [unknown, pg.QueryResult<{ settings: Partial<Settings>; settled_to: string }>]
    const gate = locked.rows[0]
    if (!gate) throw new Error('stripe_simulator.gate is empty: drop the schema stripe_simulator and start again')
    return new StoreTx(client, {
      origin,
      publicUrl: this.#publicUrl,
      clockMs: await this.#clock(),
      settings: settingsOf(gate.settings),
      settledTo: Number(gate.settled_to),
    })
  }
}

type Outcome<T> = { ok: true; value: T } | { ok: false; fault: unknown }

function settle<T>(work: Promise<T>): Promise<Outcome<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (fault: unknown) => ({ ok: false, fault }),
  )
}

const isDecline = (fault: unknown): boolean => fault instanceof StripeFault && fault.status === 402
