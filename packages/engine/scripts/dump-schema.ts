/** `npm run schema -w packages/engine`: writes schema.txt from a database that was just migrated. A test compares the two. */
import { writeFile } from 'node:fs/promises'
import { testDatabase } from '@headroom/local-postgres/test'
import startTestServer from '@headroom/local-postgres/test-global-setup'
import { connectOwner } from '../src/connection.ts'
import { migrate } from '../src/migrate.ts'
import { schemaText } from './schema-text.ts'

const stop = await startTestServer()
try {
  const database = await testDatabase()
  const owner = await connectOwner(database.ownerUrl)
  await migrate(owner, new URL(database.url).username)
  await writeFile(new URL('../schema.txt', import.meta.url), await schemaText(owner))
  await owner.end()
} finally {
  await stop()
}
