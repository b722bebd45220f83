import { pathToFileURL } from 'node:url'
import { CatalogError, defineCatalog, type Catalog, type CatalogSource } from '@headroom/core'
import { ConfigError } from '@headroom/server'

/** The catalog file's default export; throws the ConfigError that says what is wrong with it. */
export async function readCatalog(path: string): Promise<Catalog> {
  let found: { default?: CatalogSource }
  try {
    found = (await import(pathToFileURL(path).href)) as { default?: CatalogSource }
  } catch (error) {
    if (error instanceof CatalogError) throw new ConfigError(`HEADROOM_CATALOG (${path}): ${error.message}`)
    throw new ConfigError(`HEADROOM_CATALOG: ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`)
  }
  if (!found.default) throw new ConfigError(`HEADROOM_CATALOG: ${path} has no default export made by defineCatalog.`)
  return defineCatalog(found.default)
}
