import type { Catalog } from '@headroom/core'
import { applyCatalog, planCatalog } from './catalog-push.ts'
import { createClient } from './client.ts'

/** `plan` and `verify` say what differs and change nothing; `apply` changes it and says what was done. */
export type CatalogCommand = 'plan' | 'apply' | 'verify'

/** Brings Stripe to the catalog, or says what that would be. One line each; empty: nothing to do. */
export function pushCatalog(
  command: CatalogCommand,
  { secretKey, apiBase, catalog }: { secretKey: string; apiBase: string | null; catalog: Catalog },
): Promise<string[]> {
  const stripe = createClient(secretKey, apiBase)
  return command === 'apply' ? applyCatalog(stripe, catalog) : planCatalog(stripe, catalog)
}
