import { createContext, use, useCallback, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import type { Headroom, UsageWire } from '@headroom/sdk'
import { CatalogLoad, loadingCatalog, type CatalogState } from './catalog-load.ts'
import { firstState, UsageFeed, type UsageState } from './usage-feed.ts'

/** What the parts need of a client: any Headroom, also one of your own for tests. */
export interface HeadroomClient extends Pick<
  Headroom,
  'usage' | 'events' | 'reservations' | 'catalog' | 'explain' | 'ledger' | 'history'
> {
  purchases: Pick<Headroom['purchases'], 'checkout' | 'portal' | 'list' | 'reconcile'>
}

interface Shared {
  client: HeadroomClient
  workspace: string
  feed: UsageFeed
  catalog: CatalogLoad
}

const Context = createContext<Shared | null>(null)

export interface HeadroomProviderProps {
  /** Make it once, outside of rendering: another client is another connection. */
  client: HeadroomClient
  workspace: string
  children: ReactNode
}

/** Gives the parts below it one workspace and one live connection, opened when the first of them asks for usage. */
export function HeadroomProvider({ client, workspace, children }: HeadroomProviderProps) {
  const shared = useMemo(
    () => ({ client, workspace, feed: new UsageFeed(client, workspace), catalog: new CatalogLoad(client) }),
    [client, workspace],
  )
  return <Context value={shared}>{children}</Context>
}

export function useHeadroom(): Shared {
  const shared = use(Context)
  if (shared === null) throw new Error('This part of @headroom/react stands outside of a <HeadroomProvider>.')
  return shared
}

/** The usage of the workspace, live, and `retry` to load it at once. All parts of a page share one feed. */
export function useUsage(): UsageState & { retry: () => void } {
  const { feed } = useHeadroom()
  const state = useSyncExternalStore(feed.subscribe, feed.state, () => firstState)
  return useMemo(() => ({ ...state, retry: feed.retry }), [state, feed])
}

/** The catalog, asked for by the first part that needs it; `retry` asks again after a failure. All parts share it. */
export function useCatalog(): CatalogState & { retry: () => void } {
  const { catalog } = useHeadroom()
  const state = useSyncExternalStore(catalog.subscribe, catalog.state, () => loadingCatalog)
  return useMemo(() => ({ ...state, retry: catalog.retry }), [state, catalog])
}

/** The usage where there is a provider, else null: for parts that also stand alone and take only words from it. */
export function useUsageIfAny(): UsageWire | null {
  const feed = use(Context)?.feed
  const known = useCallback(() => feed?.state().usage ?? null, [feed])
  return useSyncExternalStore(feed?.subscribe ?? never, known, () => null)
}

const never = () => () => {}
