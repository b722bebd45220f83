import type pg from 'pg'
import type { EngineOptions } from './interface.ts'
import { sqlHash } from './seal-line.ts'

const sealEveryMs = 5 * 60_000
const workspacesPerLook = 2_000
const entriesPerSeal = 5_000

/** Of the next workspaces by name, behind the one named: those whose ledger has entries that no seal covers. */
const due = `
select count(*)::int as looked, max(w.workspace_id collate "C") as last,
       coalesce(array_agg(w.workspace_id order by w.workspace_id)
                filter (where w.seq > coalesce((select s.last_seq from seals s where s.workspace_id = w.workspace_id order by s.number desc limit 1), 0)),
                '{}') as due
  from (select workspace_id, seq from workspaces where workspace_id > $1 order by workspace_id limit ${workspacesPerLook}) w`

/**
 * One seal over the oldest entries that have none, made where the rows are. Entries are found by time, which their index begins with,
 * and no meter has entries without a balance. What has a gap is not sealed. Of two that seal at once one does; both would say the same.
 */
const seal = `
with last as (
  select number, last_seq, last_at, hash from seals where workspace_id = $1 order by number desc limit 1),
entries as (
  select e.seq, e.at, e.hash
    from (select distinct meter from balances where workspace_id = $1) m
   cross join lateral (
     select seq, at, ${sqlHash} as hash
       from ledger_entries
      where workspace_id = $1 and meter = m.meter
        and at >= coalesce((select last_at from last), '-infinity') and seq > coalesce((select last_seq from last), 0)
      order by at, seq limit ${entriesPerSeal}) e
   order by e.seq limit ${entriesPerSeal})
insert into seals (workspace_id, number, first_seq, last_seq, last_at, hash, checks, sealed_at)
select $1, coalesce((select number from last), 0) + 1, min(seq), max(seq), max(at),
       encode(sha256(convert_to(coalesce((select hash from last), ''), 'UTF8') || string_agg(hash, ''::bytea order by seq)), 'hex'),
       string_agg(substring(hash from 1 for 4), ''::bytea order by seq), now()
  from entries
having min(seq) = coalesce((select last_seq from last), 0) + 1 and max(seq) - min(seq) + 1 = count(*)
    on conflict do nothing
returning last_seq - first_seq + 1 = ${entriesPerSeal} as more`

/** Seals the ledger in the background, some minutes behind it: no operation waits for a seal, and none asks for one. */
export class Sealer {
  readonly #pool: pg.Pool
  readonly #log: NonNullable<EngineOptions['log']>
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(pool: pg.Pool, log: NonNullable<EngineOptions['log']>) {
    this.#pool = pool
    this.#log = log
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.seal()
        .catch((fault: unknown) => this.#log('warn', 'the ledger could not be sealed', { err: fault }))
        .then(() => {
          if (!this.#stopped) this.start()
        })
    }, sealEveryMs).unref()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  /** Seals whatever has no seal yet; answers how many seals were made. */
  async seal(): Promise<number> {
    let made = 0
    for (let from = ''; !this.#stopped;) {
      const { rows } = await this.#pool.query<{ looked: number; last: string; due: string[] }>(due, [from])
      const { looked, last, due: unsealed } = rows[0]!
      for (const workspace of unsealed) if (!this.#stopped) made += await this.#sealOne(workspace)
      if (looked < workspacesPerLook) break
      from = last
    }
    return made
  }

  async #sealOne(workspace: string): Promise<number> {
    for (let made = 0; ; made += 1) {
      const { rows } = await this.#pool.query<{ more: boolean }>(seal, [workspace])
      if (rows.length === 0) return made
      if (!rows[0]!.more || this.#stopped) return made + 1
    }
  }
}
