/**
 * Jobs that outlive the process: a row per job, claimed by a lease that is renewed while someone works on it. When a worker dies, its
 * lease runs out and another takes over; the fence tells the late one that the job is no longer its own. All times are the database's.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Log, Queryable } from './database.ts'

export interface Job {
  workspaceId: string
  id: string
  kind: string
  /** Grows with every claim; what a worker writes, it writes only while this is still its own. */
  fence: string
  /** Claims since the last progress, this one included. */
  attempts: number
}

/** `again` hands the job back, to be claimed after a while; it does not count as an attempt that failed. */
export type JobEnd = 'done' | { again: number }

/** Works on one job. The signal aborts when the lease is lost or a stop cannot wait; `stopping` asks to come to a halt soon. */
export type JobHandler = (job: Job, run: { signal: AbortSignal; stopping: () => boolean }) => Promise<JobEnd>

/** Renewed three times over while somebody works; after a crash an import stands still for this long. */
const leaseSeconds = 10

/** Adds a job. With `heldSeconds` the caller has it first: nobody claims it until then, or until it is handed back. */
export async function enqueue(
  connection: Queryable,
  { workspaceId, id, kind, heldSeconds }: { workspaceId: string; id: string; kind: string; heldSeconds: number },
): Promise<void> {
  await connection.query(
    `insert into ken.jobs (workspace_id, id, kind, locked_until) values ($1, $2, $3, now() + make_interval(secs => $4))`,
    [workspaceId, id, kind, heldSeconds],
  )
}

/** Makes the job due now, and adds it where it is missing. Its row stays locked until the transaction ends, as under mustBeOurs. */
export async function ensureDue(
  connection: Queryable,
  { workspaceId, id, kind }: { workspaceId: string; id: string; kind: string },
): Promise<void> {
  await connection.query(
    `insert into ken.jobs (workspace_id, id, kind) values ($1, $2, $3)
     on conflict (workspace_id, id) do update set run_at = least(jobs.run_at, now())`,
    [workspaceId, id, kind],
  )
}

/** The next job of these kinds that is due and nobody's, or null. */
export async function claim(database: Queryable, kinds: string[]): Promise<Job | null> {
  const { rows } = await database.query<{
    workspace_id: string
    id: string
    kind: string
    fence: string
    attempts: number
  }>(
    `with due as materialized (
       select workspace_id, id
         from ken.jobs
        where run_at <= now() and (locked_until is null or locked_until < now()) and kind = any($2)
        order by run_at
        limit 1
          for update skip locked
     )
     update ken.jobs j
        set locked_until = now() + make_interval(secs => $1), fence = j.fence + 1, attempts = j.attempts + 1
       from due
      where j.workspace_id = due.workspace_id and j.id = due.id
     returning j.workspace_id, j.id, j.kind, j.fence, j.attempts`,
    [leaseSeconds, kinds],
  )
  const row = rows[0]
  return row
    ? { workspaceId: row.workspace_id, id: row.id, kind: row.kind, fence: row.fence, attempts: row.attempts }
    : null
}

/** In how many milliseconds the next job of these kinds can be claimed, if nobody touches it until then; null: there is none. */
export async function nextDueMs(database: Queryable, kinds: string[]): Promise<number | null> {
  const { rows } = await database.query<{ ms: number | null }>(
    `select extract(epoch from min(greatest(run_at, coalesce(locked_until, run_at))) - now())::float8 * 1000 as ms
       from ken.jobs where kind = any($1)`,
    [kinds],
  )
  return rows[0]!.ms
}

/** Someone else has the job by now; what this worker knows of it is out of date. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** Throws LeaseLost unless the job is still this worker's; then its row is locked until the transaction ends, so it stays so. */
export async function mustBeOurs(connection: Queryable, job: Job): Promise<void> {
  const { rows } = await connection.query(
    `select 1 from ken.jobs where workspace_id = $1 and id = $2 and fence = $3 for update`,
    [job.workspaceId, job.id, job.fence],
  )
  if (rows.length === 0) throw new LeaseLost(`The job ${job.id} is someone else's.`)
}

/** Renews the lease; false when the job is someone else's by now. `progress` forgets earlier failures. */
export async function renew(connection: Queryable, job: Job, { progress = false } = {}): Promise<boolean> {
  const { rowCount } = await connection.query(
    `update ken.jobs
        set locked_until = now() + make_interval(secs => $4), attempts = case when $5 then 0 else attempts end
      where workspace_id = $1 and id = $2 and fence = $3`,
    [job.workspaceId, job.id, job.fence, leaseSeconds, progress],
  )
  return rowCount === 1
}

/** Gives the job up for others, at once or after a while. */
export async function handBack(
  connection: Queryable,
  job: Pick<Job, 'workspaceId' | 'id'> & Partial<Job>,
  { afterSeconds, failed }: { afterSeconds: number; failed: boolean },
): Promise<void> {
  await connection.query(
    `update ken.jobs
        set locked_until = null, run_at = now() + make_interval(secs => $4),
            attempts = case when $5 then greatest(1, attempts) else greatest(0, attempts - 1) end
      where workspace_id = $1 and id = $2 and fence = coalesce($3, fence)`,
    [job.workspaceId, job.id, job.fence ?? null, afterSeconds, failed],
  )
}

/** Takes the job out of the queue. */
export async function finish(connection: Queryable, job: Pick<Job, 'workspaceId' | 'id'>): Promise<void> {
  await connection.query(`delete from ken.jobs where workspace_id = $1 and id = $2`, [job.workspaceId, job.id])
}

/** The longest that nobody looks while a bell is heard: it need not be trusted with everything. */
const longestRestMs = 5_000

/**
 * Works on up to `slots` jobs at a time, of the kinds it has handlers for; looks for the next one whenever it is woken and when one
 * becomes due. Where no bell is heard it looks every half second.
 */
export class Worker {
  readonly #database: Database
  readonly #handlers: Record<string, JobHandler>
  readonly #log: Log
  readonly #slots: number
  readonly #bell: { isHeard: boolean } | null
  readonly #abort = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #wake = new AbortController()
  #loop: Promise<void> | null = null
  #stopping = false

  constructor(
    database: Database,
    handlers: Record<string, JobHandler>,
    log: Log,
    { slots = 4, bell = null }: { slots?: number; bell?: { isHeard: boolean } | null } = {},
  ) {
    this.#database = database
    this.#handlers = handlers
    this.#log = log
    this.#slots = slots
    this.#bell = bell
  }

  start(): void {
    this.#loop ??= this.#claimAndWork()
  }

  /** There is something to do: do not wait for the next look. */
  wake(): void {
    this.#wake.abort()
    this.#wake = new AbortController()
  }

  /** Lets every job finish the batch it is at and hand its lease back; after ten seconds it is cut off, to be resumed from its rows. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.wake()
    const cut = setTimeout(() => this.#abort.abort(new Error('The process is stopping.')), 10_000)
    await this.#loop
    await Promise.all(this.#running)
    clearTimeout(cut)
  }

  async #claimAndWork(): Promise<void> {
    while (!this.#stopping) {
      // Taken before looking, so that being woken while looking is not missed.
      const { signal } = this.#wake
      const job = this.#running.size < this.#slots ? await this.#next() : null
      if (job) {
        const work = this.#work(job).finally(() => {
          this.#running.delete(work)
          this.wake()
        })
        this.#running.add(work)
      } else await pause(await this.#restMs(), undefined, { signal }).catch(() => undefined)
    }
  }

  async #next(): Promise<Job | null> {
    try {
      return await claim(this.#database, Object.keys(this.#handlers))
    } catch (error) {
      this.#log('warn', { error: String(error) }, 'the job queue could not be read')
      return null
    }
  }

  async #restMs(): Promise<number> {
    const half = 400 + Math.random() * 200
    if (this.#bell?.isHeard !== true) return half
    try {
      const due = await nextDueMs(this.#database, Object.keys(this.#handlers))
      // What is due and could not be claimed is being claimed by another.
      return Math.min(Math.max(due ?? longestRestMs, half), longestRestMs)
    } catch {
      return half
    }
  }

  async #work(job: Job): Promise<void> {
    const lost = new AbortController()
    const beat = setInterval(
      () => {
        renew(this.#database, job).then(
          (ours) => ours || lost.abort(new LeaseLost('The lease was lost.')),
          // A beat that cannot be written is tried again; if the lease runs out meanwhile, the fence keeps the late writes out.
          (error: unknown) => this.#log('warn', { job: job.id, error: String(error) }, 'a lease could not be renewed'),
        )
      },
      (leaseSeconds / 3) * 1_000,
    )
    const signal = AbortSignal.any([lost.signal, this.#abort.signal])
    try {
      const handler = this.#handlers[job.kind]
      if (!handler) throw new Error(`Nobody knows how to do a job of kind ${job.kind}.`)
      const end = await handler(job, { signal, stopping: () => this.#stopping })
      if (end !== 'done') await handBack(this.#database, job, { afterSeconds: end.again, failed: false })
    } catch (error) {
      if (lost.signal.aborted || error instanceof LeaseLost) return
      this.#log(
        'error',
        { job: job.id, attempts: job.attempts, error: String(error) },
        'a job failed and will be tried again',
      )
      const afterSeconds = Math.min(60, 2 ** job.attempts)
      await handBack(this.#database, job, { afterSeconds, failed: true }).catch(() => undefined)
    } finally {
      clearInterval(beat)
    }
  }
}
