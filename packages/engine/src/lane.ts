import { decide, refusal, type Answer, type Operation } from '@headroom/core'
import type pg from 'pg'
import { assumedFor, versionsOf } from './assumed.ts'
import { connectLane, isLostConnection } from './connection.ts'
import { Flights, type Flight } from './flights.ts'
import type { LaneClock } from './lane-clock.ts'
import { LaneFigures } from './lane-figures.ts'
import { BatchFault, commit, open, giveWay, orRollBack, type Catalogs, type Statements } from './transaction.ts'
import { prepare } from './prepare.ts'
import { Queue, refuse, type Waiting } from './queue.ts'
import { isRepeatable } from './repeatable.ts'
import { unavailable } from './unavailable.ts'
import { WarmBooks } from './warm-books.ts'

/** The most operations one transaction takes: 1,000 measured best of 100, 250, 500 and 1,000 (heart, finding 6). */
const batchMost = 1_000
/** Below this a batch costs as much as one twice its size. */
const batchLeast = 16
/** Conflicts that another try settles: deadlock, serialization, the fence, a row someone else made first, a plan gone stale, the clock. */
const conflicts = new Set(['40P01', '40001', '22012', '23505', '0A000', '2201F'])
/** How often a batch comes again after a conflict or a lost connection, both together, before it is given up. */
const triesMost = 5
/** A workspace somebody else holds: it must fail alone. */
const stuck = new Set(['55P03', '57014'])

export interface LaneOptions {
  url: string
  statements: Statements
  catalogs: Catalogs
  clock: LaneClock
  /** Shared by the lanes of an engine. */
  busy: Set<Flights>
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  /** Called after COMMIT with the workspaces written, so that watchers look at once. */
  onCommit: (workspaces: Iterable<string>) => void
}

interface Failed {
  batch: Waiting[]
  fault: BatchFault
}

/**
 * One connection and the queue in front of it. A batch is what queued up while the ones before it ran; there is no timer.
 * A batch is decided on what the lane remembers, or has just read under the lock, and may be on its way to the database while the one
 * before it is still being written: each compares what it was decided on, and that the one ahead of it was committed; so when one
 * fails the one behind it fails too, and they come again in their order. Within a workspace operations take effect in the order they came.
 */
export class Lane {
  readonly figures = new LaneFigures()
  readonly queue = new Queue()
  readonly #options: LaneOptions
  readonly #warm = new WarmBooks()
  readonly #flying: Flights
  #failed: Failed[] = []
  #client: pg.Client | undefined
  #running: Promise<void> | undefined
  #somethingHappened = () => {}
  #stopped = false
  #names = 0

  constructor(options: LaneOptions) {
    this.#options = options
    this.#flying = new Flights(options.busy)
  }

  submit(operation: Operation): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(unavailable('nothing_happened', 'The engine is stopping.'))
      this.queue.push(operation, resolve, reject)
      if (this.#running) this.#somethingHappened()
      else this.#running = this.#run().catch((error: unknown) => this.#giveUp(error))
    })
  }

  /** Finishes what is queued, then closes the connection. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await this.#client?.end().catch(() => {})
  }

  async #run(): Promise<void> {
    for (;;) {
      // Everything that arrives in this turn of the event loop belongs to one batch.
      await new Promise(setImmediate)
      if (this.#failed.length > 0) await this.#recoverAll()
      else if (this.queue.size > 0 && this.#flying.share(this.queue.size) > 0) await this.#takeOff()
      else if (this.queue.size > 0 || this.#flying.size > 0) {
        await new Promise<void>((resolve) => (this.#somethingHappened = resolve))
      } else break
    }
    this.#running = undefined
  }

  async #takeOff(): Promise<void> {
    // An operation waits in the queue, where its deadline is watched, until there is a connection.
    const client = await this.#connected().catch((error: unknown) => BatchFault.of(error))
    if (this.#failed.length > 0) return
    const share = this.#flying.share(this.queue.size)
    const batch = this.queue.take(Math.min(batchMost, Math.max(batchLeast, share)))
    if (batch.length === 0) return
    this.figures.taken(batch)
    const ahead = [...this.#flying]
    try {
      if (client instanceof BatchFault) throw client
      const flight = await this.#send(client, batch, ahead)
      this.#flying.add(flight)
      const landed = flight.arrival.then((fault) => {
        this.#flying.delete(flight)
        if (fault) this.#failed.push({ batch, fault })
        else this.queue.putBack(flight.again)
        this.#somethingHappened()
      })
      // What comes after them must not overtake them.
      if (flight.again.length > 0) await landed
    } catch (error) {
      // Those ahead come first, also where they have failed.
      await Promise.all(ahead.map(({ arrival }) => arrival))
      this.#failed.push({ batch, fault: BatchFault.of(error) })
    }
  }

  /** Decides a batch and sends it off to be committed. Throws BatchFault when it did not come so far; nothing has happened then. */
  async #send(client: pg.Client, batch: Waiting[], ahead: readonly Flight[]): Promise<Flight> {
    const { statements, catalogs, clock } = this.#options
    const operations = batch.map(({ operation }) => operation)
    const askedAt = performance.now()
    let now = clock.now()
    const cold = this.#warm.cold(operations, now)
    const isOpen = cold.size > 0
    if (isOpen) {
      this.figures.reads += 1
      const read = await open(client, statements, operations, cold, catalogs)
      // What was read is right only if all that went ahead has arrived; else that has to go first.
      if ((await Promise.all(ahead.map(({ arrival }) => arrival))).some((fault) => fault)) await giveWay(client)
      now = read.now
      clock.heard(now, askedAt)
      this.#warm.adopt(read.workspaces)
    }
    const { workspaces, absent } = this.#warm.books(operations, cold)
    const books = { workspaces, catalogs: catalogs.byVersion, catalog: catalogs.current }
    const { answers, changes } = orRollBack(client, isOpen, () => decide(books, operations, now!))
    this.#warm.keep(workspaces, changes)
    const name = `batch_${++this.#names}`
    const known = isOpen ? { now: null, ahead: null } : { now, ahead: ahead.at(-1)?.name ?? null }
    const assumed = assumedFor(workspaces, cold, absent, changes, { ...known, own: name })
    this.#warm.tidy(workspaces, operations, changes)
    const again = batch.filter((_, index) => answers[index] === 'again')
    const going = again.length > 0 ? batch.filter((_, index) => answers[index] !== 'again') : batch
    const given = answers.filter((answer) => answer !== 'again')
    const arrival = commit(client, statements, changes, assumed, isOpen).then(
      (instant) => {
        if (instant !== null) clock.heard(instant, askedAt)
        this.#answer(going, given)
        return undefined
      },
      (error: unknown) => {
        this.#warm.forget(workspaces.keys())
        if (known.ahead === null) this.#warm.doubt(versionsOf(assumed, changes))
        return BatchFault.of(error)
      },
    )
    return { name, batch, again, arrival }
  }

  #answer(batch: Waiting[], answers: Answer[]): void {
    this.figures.batches += 1
    this.figures.operations += batch.length
    this.#options.onCommit(new Set(batch.map(({ operation }) => operation.workspace)))
    batch.forEach(({ resolve }, index) => resolve(answers[index]!))
  }

  /** Once nothing is on its way any more, what has failed is tried again, read under the lock, in its order and one by one. */
  async #recoverAll(): Promise<void> {
    await Promise.all([...this.#flying].map(({ arrival }) => arrival))
    const failed = this.#failed
    this.#failed = []
    for (const { batch, fault } of failed) await this.#recover(batch, 1, fault)
  }

  async #attempt(batch: Waiting[], attempt: number): Promise<void> {
    if (batch.length === 0) return
    this.#warm.forget(batch.map(({ operation }) => operation.workspace))
    try {
      const { again, arrival } = await this.#send(await this.#connected(), batch, [])
      const fault = await arrival
      if (fault) throw fault
      await this.#attempt(again, 1)
    } catch (error) {
      await this.#recover(batch, attempt, BatchFault.of(error))
    }
  }

  /**
   * A conflict is tried again; what fails for its own reasons is found by halving, so that one poison operation never fails its
   * neighbours; a stuck workspace fails alone.
   */
  async #recover(batch: Waiting[], attempt: number, fault: BatchFault): Promise<void> {
    this.figures.retries += 1
    const { sqlState } = fault
    if (fault.unknown) for (const waiting of batch) waiting.isUnknown = true
    if (sqlState === '2201F') this.#options.clock.forget()
    if (isLostConnection(sqlState, fault.message)) return this.#reconnect(batch, attempt, fault)
    if (conflicts.has(sqlState) && attempt <= triesMost) return this.#attempt(batch, attempt + 1)
    if (stuck.has(sqlState)) {
      const workspaces = [...new Set(batch.map(({ operation }) => operation.workspace))]
      if (workspaces.length === 1) return this.#busy(batch)
      const half = new Set(workspaces.slice(0, Math.ceil(workspaces.length / 2)))
      return this.#split(batch, ({ operation }) => half.has(operation.workspace))
    }
    if (batch.length > 1) return this.#split(batch, (waiting) => batch.indexOf(waiting) < batch.length / 2)
    const { operation, resolve, isUnknown } = batch[0]!
    this.#options.log('error', 'An operation failed', {
      operation: operation.op,
      workspace: operation.workspace,
      error: fault.message,
    })
    // Of what was sent once and may have been committed nobody can say that.
    if (isUnknown) return refuse(batch, 'The operation failed on our side when it was sent again.')
    resolve(refusal('internal', 'The operation failed on our side and changed nothing.', operation.requestId))
  }

  /** Halves keep the order within a workspace: the first half goes first. */
  async #split(batch: Waiting[], inFirst: (waiting: Waiting) => boolean): Promise<void> {
    const second = batch.filter((waiting) => !inFirst(waiting))
    await this.#attempt(batch.filter(inFirst), 1)
    await this.#attempt(second, 1)
  }

  /** What is harmless twice is sent again; the rest is told that nobody knows (heart M10). */
  async #reconnect(batch: Waiting[], attempt: number, fault: BatchFault): Promise<void> {
    const broken = this.#client
    this.#client = undefined
    this.figures.reconnects += 1
    await broken?.end().catch(() => {})
    this.#options.log('warn', 'The connection to the database was lost', {
      error: fault.message,
      unknown: fault.unknown,
      attempt,
    })
    const isSafe = ({ operation }: Waiting) => !fault.unknown || isRepeatable(operation)
    refuse(
      batch.filter((waiting) => !isSafe(waiting)),
      'The connection was lost at COMMIT.',
    )
    const repeatable = batch.filter(isSafe)
    if (repeatable.length === 0) return
    if (attempt > triesMost) return refuse(repeatable, 'The database is out of reach.')
    await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt))
    await this.#attempt(repeatable, attempt + 1)
  }

  /** Somebody holds the workspace for longer than we wait: with a key it may be the same request, still running (api.md). */
  #busy(batch: Waiting[]): void {
    const detail = 'The same request, or another one on this workspace, is still running. Ask again with the same key.'
    refuse(
      batch.filter(({ operation }) => operation.key === null),
      'The workspace is busy.',
    )
    for (const { operation, resolve } of batch)
      if (operation.key !== null) resolve(refusal('in_progress', detail, operation.requestId))
  }

  /** A fault of ours outside any batch: nobody waits for ever, and the next operation starts anew. */
  #giveUp(error: unknown): void {
    this.#options.log('error', 'A lane failed', { error: String(error) })
    this.#running = undefined
    refuse(this.queue.take(Infinity), 'The operation failed on our side.')
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
    // One that breaks while nothing is on its way is not used again: nothing can have been lost with it.
    const gone = () => {
      if (this.#client === client) this.#client = undefined
    }
    client.once('end', gone)
    client.once('error', gone)
    return (this.#client = client)
  }
}
