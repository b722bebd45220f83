import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Log } from './database.ts'

const againMs = 1_000

/**
 * Hears when a job became due, here or in another process: PostgreSQL tells on commit (schema/0011-jobs-bell.ts). `isHeard` only
 * once it heard itself: where something stands between that lets nothing through (a pool of transactions), workers look as often
 * as if there were no bell.
 */
export class JobsBell {
  readonly #url: string
  readonly #log: Log
  readonly #onRing: () => void
  readonly #test = randomBytes(8).toString('hex')
  #client: pg.Client | null = null
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  isHeard = false

  constructor(url: string, log: Log, onRing: () => void) {
    this.#url = url
    this.#log = log
    this.#onRing = onRing
  }

  /** Resolves when it listens, or was not able to and goes on trying. */
  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'ken bell', keepAlive: true })
    client.on('error', () => {})
    client.on('end', () => this.#lost(client))
    client.on('notification', ({ payload }) => {
      if (payload === this.#test) this.isHeard = true
      this.#onRing()
    })
    this.#client = client
    try {
      await client.connect()
      await client.query('listen ken_jobs')
      await client.query(`select pg_notify('ken_jobs', $1)`, [this.#test])
    } catch (error) {
      this.#log('warn', { error: String(error) }, 'the job queue cannot be listened to')
      await client.end().catch(() => {})
      this.#lost(client)
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  /** What rang meanwhile is not heard: everybody looks now, and again once it listens. */
  #lost(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = null
    this.isHeard = false
    if (this.#isStopped) return
    this.#onRing()
    this.#timer = setTimeout(() => void this.start(), againMs)
  }
}
