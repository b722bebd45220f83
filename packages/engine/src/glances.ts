import type { Instant, WorkspaceBooks } from '@headroom/core'
import type pg from 'pg'
import { booksOf, load, sendOn, type LoadStatements } from './load.ts'
import type { Catalogs } from './transaction.ts'

const workspacesMost = 500
/** Looks under way at once: while the database answers one, the next fills up. */
const lookingMost = 2

export interface Seen {
  workspaces: Map<string, WorkspaceBooks>
  now: Instant
}

interface Asking {
  resolve: (seen: Seen | undefined) => void
  reject: (error: unknown) => void
}

/**
 * Workspaces as they stand now, many seen with one statement: whoever asks while others are being answered shares the next look. A
 * statement is a snapshot of its own, taken after everybody in it has asked, so it needs no transaction. Overdue reservations are not in it.
 */
export class Glances {
  readonly #pool: pg.Pool
  readonly #statements: LoadStatements
  readonly #catalogs: Catalogs
  readonly #asking = new Map<string, Asking[]>()
  #looking = 0

  constructor(pool: pg.Pool, statements: LoadStatements, catalogs: Catalogs) {
    this.#pool = pool
    this.#statements = statements
    this.#catalogs = catalogs
  }

  /** Undefined: there is no such workspace. */
  at(workspace: string): Promise<Seen | undefined> {
    return new Promise((resolve, reject) => {
      const asking = this.#asking.get(workspace)
      if (asking) asking.push({ resolve, reject })
      else this.#asking.set(workspace, [{ resolve, reject }])
      if (this.#asking.size === 1 && !asking) setImmediate(() => this.#fill())
    })
  }

  #fill(): void {
    while (this.#asking.size > 0 && this.#looking < lookingMost) {
      const batch = new Map([...this.#asking].slice(0, workspacesMost))
      for (const workspace of batch.keys()) this.#asking.delete(workspace)
      this.#looking += 1
      void this.#look(batch).finally(() => {
        this.#looking -= 1
        this.#fill()
      })
    }
  }

  async #look(batch: Map<string, Asking[]>): Promise<void> {
    try {
      const wanted = [...batch.keys()].map((workspace) => ({ workspace, key: null }))
      const loaded = await load(sendOn(this.#pool), this.#statements, wanted, { due: 0 })
      await this.#catalogs.ensure(loaded.rows.books.map((row) => row[12] as string))
      const { workspaces, now } = booksOf(loaded)
      for (const [workspace, asking] of batch) {
        const seen = now === null || !workspaces.get(workspace)!.workspace ? undefined : { workspaces, now }
        for (const { resolve } of asking) resolve(seen)
      }
    } catch (error) {
      for (const asking of batch.values()) for (const { reject } of asking) reject(error)
    }
  }
}
