/**
 * npm run restore -- <file>
 * Brings a file of npm run backup into an empty database, of DATABASE_URL or the embedded one of a new HEADROOM_DATA_DIR. No server may
 * run on it. Compares every table with the file and every balance with its ledger before it says so. Exits 1 when the books differ.
 */
import type { Catalog } from '@headroom/core'
import { startEngine } from '@headroom/engine'
import { ConfigError, readConfig } from '@headroom/server'
import { readCatalog } from '../start/catalog.ts'
import { openDatabase } from './books-file/database.ts'
import { makeTables } from './books-file/empty-tables.ts'
import { refuseUsed } from './books-file/only-empty.ts'
import { readBooks } from './books-file/read.ts'
import { command } from './stripe-settings.ts'

await command(async () => {
  const [file, ...more] = process.argv.slice(2)
  if (file === undefined || more.length > 0) throw new ConfigError('Usage: npm run restore -- <file>')
  const config = readConfig(process.env)
  const catalog = await readCatalog(config.catalog)
  const database = await openDatabase(config)
  try {
    // Also its tables are left as they are: they may be of another version.
    await refuseUsed(database.ownerUrl)
    await makeTables(database.ownerUrl, config.stripe.secretKey === null, database.databaseUrl)
    const { at, tables, rows } = await readBooks(database.ownerUrl, file)
    console.log(`${rows} rows of ${tables} tables, as they were at ${at}; every table is what the file says.`)
    const { workspaces, entries, differences } = await audited(database.ownerUrl, catalog)
    for (const difference of differences) console.log(difference)
    console.log(`${workspaces} workspaces, ${entries} ledger entries, ${differences.length} differences.`)
    return differences.length === 0 ? 0 : 1
  } finally {
    await database.stop()
  }
})

async function audited(databaseUrl: string, catalog: Catalog) {
  const engine = await startEngine({ databaseUrl, catalog, sweeper: false })
  try {
    return await engine.audit()
  } finally {
    await engine.stop()
  }
}
