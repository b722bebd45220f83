import type pg from 'pg'

const sweepEveryMs = 1_000
const perSweep = 100
const answersKeptDays = 31
const tidyEveryMs = 10 * 60_000

/**
 * Tidies up what time has made due in workspaces nobody asks about: overdue reservations and ended periods. Correctness does not
 * depend on it: every operation and every read settles first.
 */
export class Sweeper {
  readonly #pool: pg.Pool
  readonly #clock: string
  readonly #settle: (workspace: string) => Promise<unknown>
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false
  #tidiedAt = performance.now()
  /** Workspaces settled since the start. */
  swept = 0

  constructor(pool: pg.Pool, clock: string, settle: (workspace: string) => Promise<unknown>) {
    this.#pool = pool
    this.#clock = clock
    this.#settle = settle
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#sweep()
        .catch(() => {})
        .then(() => {
          if (!this.#stopped) this.start()
        })
    }, sweepEveryMs).unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #sweep(): Promise<void> {
    for (let more = true; more && !this.#stopped;) {
      const { rows } = await this.#pool.query<{ workspace_id: string }>(
        `select workspace_id from workspaces where wake_at <= ${this.#clock} order by wake_at limit ${perSweep}`,
      )
      await Promise.all(rows.map(({ workspace_id }) => this.#settle(workspace_id)))
      this.swept += rows.length
      more = rows.length === perSweep
    }
    if (performance.now() - this.#tidiedAt < tidyEveryMs) return
    this.#tidiedAt = performance.now()
    await this.#tidy()
  }

  /** Stored answers are kept 31 days, ended tokens one day; both in small bites. */
  async #tidy(): Promise<void> {
    for (const [table, condition] of [
      ['answers', `at < ${this.#clock} - interval '${answersKeptDays} days'`],
      ['tokens', `expires_at < ${this.#clock} - interval '1 day'`],
    ]) {
      for (let gone = 10_000; gone === 10_000 && !this.#stopped;) {
        const { rowCount } = await this.#pool.query(
          `delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit 10000))`,
        )
        gone = rowCount ?? 0
      }
    }
  }
}
