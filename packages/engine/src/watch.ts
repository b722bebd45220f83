import type pg from 'pg'

const pollEveryMs = 500

type OnVersion = (version: number) => void

/**
 * Tells when a workspace's version has moved. The truth is the row: it is read at once after an own commit and twice a second for
 * what other processes did. No NOTIFY: it would serialise every commit of the database on one lock.
 */
export class Watch {
  readonly #pool: pg.Pool
  readonly #watched = new Map<string, { seen: number | undefined; listeners: Set<OnVersion> }>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #lookAgain = false

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  watch(workspace: string, onVersion: OnVersion): () => void {
    const watched = this.#watched.get(workspace) ?? { seen: undefined, listeners: new Set() }
    this.#watched.set(workspace, watched)
    watched.listeners.add(onVersion)
    this.#timer ??= setInterval(() => this.look(), pollEveryMs).unref()
    this.look()
    return () => {
      watched.listeners.delete(onVersion)
      if (watched.listeners.size === 0 && this.#watched.get(workspace) === watched) this.#watched.delete(workspace)
      if (this.#watched.size === 0) this.stop()
    }
  }

  onCommit(workspaces: Iterable<string>): void {
    if (this.#watched.size === 0) return
    for (const workspace of workspaces) if (this.#watched.has(workspace)) return this.look()
  }

  /** One look at a time; what happens during it is seen by the next. */
  look(): void {
    if (this.#looking) this.#lookAgain = true
    else {
      this.#looking = this.#read().finally(() => {
        this.#looking = undefined
        if (this.#lookAgain) {
          this.#lookAgain = false
          this.look()
        }
      })
    }
  }

  async #read(): Promise<void> {
    const workspaces = [...this.#watched.keys()]
    if (workspaces.length === 0) return
    try {
      const { rows } = await this.#pool.query<{ workspace_id: string; version: number }>(
        'select workspace_id, version from workspaces where workspace_id = any($1::text[])',
        [workspaces],
      )
      for (const { workspace_id, version } of rows) this.#tell(workspace_id, version)
    } catch {
      // The database is away; the next look finds what was missed.
    }
  }

  #tell(workspace: string, version: number): void {
    const watched = this.#watched.get(workspace)
    if (!watched || watched.seen === version) return
    const first = watched.seen === undefined
    watched.seen = version
    if (!first) for (const listener of watched.listeners) listener(version)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
