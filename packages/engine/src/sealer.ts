import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { isLostConnection } from './connection.ts'
import type { EngineOptions } from './interface.ts'
import { sqlHash, sqlTexts } from './seal-line.ts'

const sealEveryMs = 5 * 60_000
const workspacesPerLook = 2_000
/** Together a second of the database's time at the most: what is waited for is never long, and many a workspace has little to seal. */
const workspacesPerStatement = 50
const entriesPerSeal = 1_000

/** Of the next workspaces by name, behind the one named: those whose ledger has entries that no seal covers. */
const due = `
select count(*)::int as looked, max(w.workspace_id collate "C") as last,
       coalesce(array_agg(w.workspace_id order by w.workspace_id)
                filter (where w.seq > coalesce((select s.last_seq from seals s where s.workspace_id = w.workspace_id order by s.number desc limit 1), 0)),
                '{}') as due
  from (select workspace_id, seq from workspaces where workspace_id > $1 order by workspace_id limit ${workspacesPerLook}) w`

/**
 * For each workspace one seal over the oldest entries that have none, made where the rows are. Entries are found by time, which their
 * index begins with, and no meter has entries without a balance. What has a gap is not sealed, and is `broken`. Of two that seal at
 * once one does; both would say the same.
 */
const seal = `
with last as (
  select w.workspace_id, coalesce(s.number, 0) as number, coalesce(s.last_seq, 0) as seq, coalesce(s.last_at, '-infinity') as at,
         coalesce(s.hash, '') as hash
    from unnest($1::text[]) w(workspace_id)
    left join lateral (select * from seals where workspace_id = w.workspace_id order by number desc limit 1) s on true),
found as (
  select e.*
    from last
   cross join lateral (
     select e.*
       from (select distinct meter from balances where workspace_id = last.workspace_id) m
      cross join lateral (
        select * from ledger_entries
         where workspace_id = last.workspace_id and meter = m.meter and at >= last.at and seq > last.seq
         order by at, seq limit ${entriesPerSeal}) e
      order by e.seq limit ${entriesPerSeal}) e),
range as (
  select e.workspace_id, min(e.seq) as first, max(e.seq) as last, max(e.at) as at, string_agg(e.hash, ''::bytea order by e.seq) as hashes,
         string_agg(substring(e.hash from 1 for 4), ''::bytea order by e.seq) as checks,
         min(e.seq) = min(last.seq) + 1 and max(e.seq) - min(e.seq) + 1 = count(*) as whole
    from last
    join (select workspace_id, seq, at, ${sqlHash} as hash
            from (select workspace_id, seq, at, ${sqlTexts} from found offset 0) t) e using (workspace_id)
   group by 1),
made as (
  insert into seals (workspace_id, number, first_seq, last_seq, last_at, hash, checks, sealed_at)
  select workspace_id, last.number + 1, range.first, range.last, range.at,
         encode(sha256(convert_to(last.hash, 'UTF8') || range.hashes), 'hex'), range.checks, now()
    from last
    join range using (workspace_id)
   where whole
   order by 1
      on conflict do nothing
  returning workspace_id, last_seq - first_seq + 1 = ${entriesPerSeal} as more)
select (select count(*) from made)::int as made,
       array(select workspace_id from made where more) as more,
       array(select w.workspace_id from workspaces w join last using (workspace_id) left join range using (workspace_id)
              where w.seq > last.seq and whole is not true) as broken`

interface Sealed {
  made: number
  /** Workspaces that have further entries to seal. */
  more: string[]
  broken: string[]
}

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
      for (let at = 0; at < unsealed.length; at += workspacesPerStatement)
        made += await this.#sealAll(unsealed.slice(at, at + workspacesPerStatement))
      if (looked < workspacesPerLook) break
      from = last
    }
    return made
  }

  /** Leaves the database half of the time to others, however much there is to seal. */
  async #sealAll(workspaces: string[]): Promise<number> {
    let made = 0
    for (let left = workspaces; left.length > 0 && !this.#stopped;) {
      const began = performance.now()
      const sealed = await this.#sealNext(left)
      made += sealed.made
      for (const workspace of sealed.broken)
        this.#log('error', 'a ledger has a gap and cannot be sealed: npm run verify names it', { workspace })
      left = sealed.more
      await pause(performance.now() - began)
    }
    return made
  }

  async #sealNext(workspaces: string[]): Promise<Sealed> {
    try {
      const { rows } = await this.#pool.query<Sealed>({ name: 'seal', text: seal, values: [workspaces] })
      return rows[0]!
    } catch (fault) {
      const { code = '', message } = fault as { code?: string; message: string }
      if (isLostConnection(code, message)) throw fault
      return this.#sealOneByOne(workspaces, fault)
    }
  }

  /** What one workspace holds up, it holds up for itself. */
  async #sealOneByOne(workspaces: string[], fault: unknown): Promise<Sealed> {
    const [workspace] = workspaces
    if (workspaces.length === 1) {
      this.#log('error', 'a ledger could not be sealed', { workspace, err: fault })
      return { made: 0, more: [], broken: [] }
    }
    const sealed: Sealed = { made: 0, more: [], broken: [] }
    for (const one of workspaces) {
      const { made, more, broken } = await this.#sealNext([one])
      sealed.made += made
      sealed.more.push(...more)
      sealed.broken.push(...broken)
    }
    return sealed
  }
}
