import { fileURLToPath, pathToFileURL } from 'node:url'
import { CatalogError, defineCatalog, type Catalog, type CatalogSource } from '@headroom/core'
import { ConfigError } from '@headroom/server'

interface Found {
  default?: CatalogSource
}

/** The catalog file's default export; throws the ConfigError that says what is wrong with it. */
export async function readCatalog(path: string): Promise<Catalog> {
  let found: Found
  try {
    found = await (path === ours ? import('../catalogs/ken.ts') : importAny(pathToFileURL(path).href))
  } catch (error) {
    if (error instanceof CatalogError) throw new ConfigError(`HEADROOM_CATALOG (${path}): ${error.message}`)
    throw new ConfigError(`HEADROOM_CATALOG: ${path} cannot be read: ${(error as Error).message.split('\n')[0]}`)
  }
  if (!found.default) throw new ConfigError(`HEADROOM_CATALOG: ${path} has no default export made by defineCatalog.`)
  return defineCatalog(found.default)
}

/** It comes with the rest and need not be looked for. */
const ours = fileURLToPath(new URL('../catalogs/ken.ts', import.meta.url))

async function importAny(href: string): Promise<Found> {
  try {
    return (await import(href)) as Found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
  }
  // Built for a quick start, this process does not read TypeScript; somebody's own catalog is TypeScript.
  const { register } = await import('tsx/esm/api')
  register()
  return (await import(href)) as Found
}
