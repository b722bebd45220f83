/** The catalog for the parts of one page: asked for once, when the first of them needs it. */
import type { CatalogWire, Headroom } from '@headroom/sdk'

export type CatalogState =
  | { status: 'loading'; catalog: null; error: null }
  | { status: 'error'; catalog: null; error: unknown }
  | { status: 'ready'; catalog: CatalogWire; error: null }

export const loadingCatalog: CatalogState = { status: 'loading', catalog: null, error: null }

export class CatalogLoad {
  readonly #source: Pick<Headroom, 'catalog'>
  readonly #listeners = new Set<() => void>()
  #state: CatalogState = loadingCatalog
  #asked = false

  constructor(source: Pick<Headroom, 'catalog'>) {
    this.#source = source
  }

  readonly state = (): CatalogState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (!this.#asked) void this.#load()
    return () => void this.#listeners.delete(listener)
  }

  /** After a failure only: what was loaded stays, and what is under way is not asked for twice. */
  readonly retry = (): void => {
    if (this.#state.status === 'error') void this.#load()
  }

  async #load(): Promise<void> {
    this.#asked = true
    this.#set(loadingCatalog)
    try {
      this.#set({ status: 'ready', catalog: await this.#source.catalog(), error: null })
    } catch (error) {
      this.#set({ status: 'error', catalog: null, error })
    }
  }

  #set(state: CatalogState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
