import { refusal, type Answer, type Operation } from '@headroom/core'
import type pg from 'pg'
import { connectLane, isLostConnection } from './connection.ts'
import type { LoadStatements } from './load.ts'
import { BatchFault, transact, type Catalogs } from './transaction.ts'
import { prepare } from './prepare.ts'
import { unavailable } from './unavailable.ts'

/** The most operations one transaction takes: 1,000 measured best of 100, 250, 500 and 1,000 (heart, finding 6). */
const batchMost = 1_000
const queueMost = 10_000
const queueDeadline = 2_000
/** Conflicts that another try settles: deadlock, serialization, the fence, a row someone else made first, a plan gone stale. */
const conflicts = new Set(['40P01', '40001', '22012', '23505', '0A000'])
/** A workspace somebody else holds: it must fail alone. */
const stuck = new Set(['55P03', '57014'])

interface Waiting {
  operation: Operation
  since: number
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

export interface LaneOptions {
  url: string
  statements: LoadStatements
  catalogs: Catalogs
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  /** Called after COMMIT with the workspaces written, so that watchers look at once. */
  onCommit: (workspaces: Iterable<string>) => void
}

/**
 * One connection and the queue in front of it. A batch is whatever queued up while the last one ran; there is no timer.
 * Within a workspace operations take effect in the order they came; between workspaces a batch is filled in turns, so that
 * a hot one does not starve the others.
 */
export class Lane {
  readonly figures = { operations: 0, batches: 0, retries: 0, refusedFull: 0, refusedLate: 0 }
  readonly #options: LaneOptions
  readonly #queues = new Map<string, Waiting[]>()
  #waiting = 0
  #running: Promise<void> | undefined
  #client: pg.Client | undefined
  #stopped = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  get depth(): number {
    return this.#waiting
  }

  submit(operation: Operation): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(unavailable('nothing_happened', 'The engine is stopping.'))
      if (this.#waiting >= queueMost) {
        this.figures.refusedFull += 1
        return reject(unavailable('nothing_happened', 'Too many operations are waiting.'))
      }
      this.#push({ operation, since: performance.now(), resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Finishes what is queued, then closes the connection. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await this.#client?.end().catch(() => {})
  }

  #push(waiting: Waiting): void {
    const queue = this.#queues.get(waiting.operation.workspace)
    if (queue) queue.push(waiting)
    else this.#queues.set(waiting.operation.workspace, [waiting])
    this.#waiting += 1
  }

  async #run(): Promise<void> {
    // Everything that arrives in this turn of the event loop belongs to the first batch.
    await Promise.resolve()
    while (this.#waiting > 0) {
      const batch = this.#take()
      if (batch.length > 0) await this.#attempt(batch, 1)
    }
    this.#running = undefined
  }

  /** The next batch: an equal share of each waiting workspace, the rest topped up; what has waited too long is refused. */
  #take(): Waiting[] {
    const batch: Waiting[] = []
    const late = performance.now() - queueDeadline
    for (let share = Math.ceil(batchMost / this.#queues.size); batch.length < batchMost && this.#queues.size > 0;) {
      for (const [workspace, queue] of this.#queues) {
        const taken = queue.splice(0, Math.min(share, batchMost - batch.length))
        this.#waiting -= taken.length
        // What stays goes to the end of the line.
        this.#queues.delete(workspace)
        if (queue.length > 0) this.#queues.set(workspace, queue)
        for (const waiting of taken) {
          if (waiting.since >= late) batch.push(waiting)
          else this.#tooLate(waiting)
        }
        if (batch.length >= batchMost) break
      }
    }
    return batch
  }

  #tooLate(waiting: Waiting): void {
    this.figures.refusedLate += 1
    waiting.reject(unavailable('nothing_happened', 'The operation waited too long for its turn.'))
  }

  /**
   * Runs a batch and answers it. A conflict is tried again; what fails for its own reasons is found by halving, so that one poison
   * operation never fails its neighbours; a stuck workspace fails alone.
   */
  async #attempt(batch: Waiting[], attempt: number): Promise<void> {
    const operations = batch.map(({ operation }) => operation)
    try {
      const client = await this.#connected()
      const answers = await transact(client, this.#options.statements, operations, this.#options.catalogs)
      this.#answer(batch, answers)
    } catch (error) {
      await this.#recover(batch, attempt, error instanceof BatchFault ? error : new BatchFault(error, false))
    }
  }

  #answer(batch: Waiting[], answers: (Answer | 'again')[]): void {
    this.figures.batches += 1
    this.#options.onCommit(new Set(batch.map(({ operation }) => operation.workspace)))
    const again = new Map<string, Waiting[]>()
    batch.forEach((waiting, index) => {
      const answer = answers[index]!
      const { workspace } = waiting.operation
      if (answer !== 'again') {
        this.figures.operations += 1
        waiting.resolve(answer)
      } else again.set(workspace, [...(again.get(workspace) ?? []), waiting])
    })
    // Operations that wait for the rest of what is due go back to the head of their queue.
    for (const [workspace, list] of again) {
      this.#queues.set(workspace, [...list, ...(this.#queues.get(workspace) ?? [])])
      this.#waiting += list.length
    }
  }

  async #recover(batch: Waiting[], attempt: number, fault: BatchFault): Promise<void> {
    this.figures.retries += 1
    if (isLostConnection(fault.sqlState, fault.message)) return this.#reconnect(batch, attempt, fault)
    if (conflicts.has(fault.sqlState) && attempt <= 3) return this.#attempt(batch, attempt + 1)
    if (stuck.has(fault.sqlState)) {
      const workspaces = [...new Set(batch.map(({ operation }) => operation.workspace))]
      if (workspaces.length === 1) return this.#busy(batch)
      const half = new Set(workspaces.slice(0, Math.ceil(workspaces.length / 2)))
      return this.#split(batch, ({ operation }) => half.has(operation.workspace))
    }
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2)
      return this.#split(batch, (waiting) => batch.indexOf(waiting) < half)
    }
    const { operation, resolve } = batch[0]!
    this.#options.log('error', 'An operation failed', {
      operation: operation.op,
      workspace: operation.workspace,
      error: fault.message,
    })
    resolve(refusal('internal', 'The operation failed on our side and changed nothing.', operation.requestId))
  }

  /** Halves keep the order within a workspace: the first half goes first. */
  async #split(batch: Waiting[], inFirst: (waiting: Waiting) => boolean): Promise<void> {
    await this.#attempt(batch.filter(inFirst), 1)
    await this.#attempt(
      batch.filter((waiting) => !inFirst(waiting)),
      1,
    )
  }

  /** What is harmless twice is sent again; the rest is told that nobody knows (heart M10). */
  async #reconnect(batch: Waiting[], attempt: number, fault: BatchFault): Promise<void> {
    const broken = this.#client
    this.#client = undefined
    await broken?.end().catch(() => {})
    this.#options.log('warn', 'The connection to the database was lost', {
      error: fault.message,
      unknown: fault.unknown,
      attempt,
    })
    const [repeatable, unknown] = fault.unknown
      ? [
          batch.filter(({ operation }) => isRepeatable(operation)),
          batch.filter(({ operation }) => !isRepeatable(operation)),
        ]
      : [batch, []]
    this.#refuse(unknown, unavailable('unknown', 'The connection was lost at COMMIT.'))
    if (repeatable.length === 0) return
    if (attempt > 5)
      return this.#refuse(
        repeatable,
        unavailable(fault.unknown ? 'unknown' : 'nothing_happened', 'The database is out of reach.'),
      )
    await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt))
    await this.#attempt(repeatable, attempt + 1)
  }

  /** Somebody holds the workspace for longer than we wait: with a key it may be the same request, still running (api.md). */
  #busy(batch: Waiting[]): void {
    const detail = 'The same request, or another one on this workspace, is still running. Ask again with the same key.'
    for (const { operation, resolve, reject } of batch) {
      if (operation.key === null) reject(unavailable('nothing_happened', 'The workspace is busy.'))
      else resolve(refusal('in_progress', detail, operation.requestId))
    }
  }

  #refuse(batch: Waiting[], error: Error): void {
    for (const { reject } of batch) reject(error)
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = await connectLane(this.#options.url)
    try {
      await prepare(client, this.#options.statements)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return (this.#client = client)
  }
}

/** Harmless twice: named by its caller or stored under a key. The rest would count double. */
function isRepeatable(operation: Operation): boolean {
  if (operation.key !== null) return true
  if (operation.op === 'use') return false
  if (operation.op === 'commit') return operation.final
  return !(operation.op === 'grant' && operation.source.type === 'operator')
}
