/**
 * npm run backup -- <file>
 * Writes the whole database, of DATABASE_URL or the embedded one, into one file, while servers work. Reads one snapshot, changes nothing.
 */
import { ConfigError, readConfig } from '@headroom/server'
import { openDatabase } from './books-file/database.ts'
import { writeBooks } from './books-file/write.ts'
import { command } from './stripe-settings.ts'

await command(async () => {
  const [file, ...more] = process.argv.slice(2)
  if (file === undefined || more.length > 0) throw new ConfigError('Usage: npm run backup -- <file>')
  const database = await openDatabase(readConfig(process.env))
  try {
    const { tables, rows } = await writeBooks(database.ownerUrl, file)
    console.log(`${file}: ${rows} rows of ${tables} tables.`)
    console.log(`Keep the secrets with it: ${database.dataDir}/secrets`)
    return 0
  } finally {
    await database.stop()
  }
})
