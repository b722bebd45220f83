import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { isLostConnection } from './connection.ts'
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
 * and no meter has entries without a balance. What has a gap is not sealed, and is `broken`. Of two that seal at once one does; both
 * would say the same.
 */
const seal = `
with last as (
  select number, last_seq, last_at, hash from seals where workspace_id = $1 order by number desc limit 1),
found as (
  select e.*
    from (select distinct meter from balances where workspace_id = $1) m
   cross join lateral (
     select * from ledger_entries
      where workspace_id = $1 and meter = m.meter
        and at >= coalesce((select last_at from last), '-infinity') and seq > coalesce((select last_seq from last), 0)
      order by at, seq limit ${entriesPerSeal}) e
   order by e.seq limit ${entriesPerSeal}),
range as (
  select min(seq) as first, max(seq) as last, max(at) as at, string_agg(hash, ''::bytea order by seq) as hashes,
         string_agg(substring(hash from 1 for 4), ''::bytea order by seq) as checks,
         coalesce(min(seq) = coalesce((select last_seq from last), 0) + 1 and max(seq) - min(seq) + 1 = count(*), false) as whole
    from (select seq, at, ${sqlHash} as hash from found) e),
made as (
  insert into seals (workspace_id, number, first_seq, last_seq, last_at, hash, checks, sealed_at)
  select $1, coalesce((select number from last), 0) + 1, first, last, at,
         encode(sha256(convert_to(coalesce((select hash from last), ''), 'UTF8') || hashes), 'hex'), checks, now()
    from range
   where whole
      on conflict do nothing
  returning last_seq - first_seq + 1 = ${entriesPerSeal} as more)
select (select more from made) as more,
       not (select whole from range)
       and (select seq from workspaces where workspace_id = $1) > coalesce((select last_seq from last), 0) as broken`

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

  /** Seals whatever has no seal yet; answers how many seals were made. A workspace that cannot be sealed is named in the log. */
  async seal(): Promise<number> {
    let made = 0
    for (let from = ''; !this.#stopped;) {
      const { rows } = await this.#pool.query<{ looked: number; last: string; due: string[] }>(due, [from])
      const { looked, last, due: unsealed } = rows[0]!
      for (const workspace of unsealed) made += await this.#sealOne(workspace)
      if (looked < workspacesPerLook) break
      from = last
    }
    return made
  }

  async #sealOne(workspace: string): Promise<number> {
    for (let made = 0; ; made += 1) {
      if (this.#stopped) return made
      const began = performance.now()
      const { more, broken } = await this.#sealNext(workspace)
      if (broken) {
        const what = 'a ledger has entries too many or too few and cannot be sealed: npm run verify names them'
        this.#log('error', what, { workspace })
      }
      if (more === null) return made
      if (!more) return made + 1
      // A long ledger that was never sealed leaves the database half of the time to others.
      await pause(performance.now() - began)
    }
  }

  /** What one workspace holds up, it holds up for itself. */
  async #sealNext(workspace: string): Promise<{ more: boolean | null; broken: boolean }> {
    try {
      const { rows } = await this.#pool.query<{ more: boolean | null; broken: boolean }>(seal, [workspace])
      return rows[0]!
    } catch (fault) {
      const { code = '', message } = fault as { code?: string; message: string }
      if (isLostConnection(code, message)) throw fault
      this.#log('error', 'a ledger could not be sealed', { workspace, err: fault })
      return { more: null, broken: false }
    }
  }
}
