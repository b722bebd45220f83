/**
 * npm run privacy -- export <email>     everything that is held about whoever has this address, as JSON
 * npm run privacy -- forget <email>     forgets them; exits 1 while the address still stands somewhere
 * The application may run meanwhile. See docs/reference/personal-data.md.
 */
import { exportOf, forget, openDatabase as openKen, type HeldRow } from '@headroom/ken/privacy'
import { forgetDeliveries } from '@headroom/engine'
import { ConfigError, readConfig } from '@headroom/server'
import { openDatabase } from './database.ts'
import { command } from './stripe-settings.ts'

await command(async () => {
  const [what, email = '', ...more] = process.argv.slice(2)
  if ((what !== 'export' && what !== 'forget') || !email.includes('@') || more.length > 0)
    throw new ConfigError('Usage: npm run privacy -- export|forget <email>')
  const { urls, stop } = await openDatabase(readConfig(process.env))
  const ken = openKen(urls.ownerUrl ?? urls.databaseUrl, () => {})
  try {
    if (what === 'export') {
      console.log(JSON.stringify(await exportOf(ken, email.toLowerCase()), null, 2))
      return 0
    }
    const { rows, left, namesakes } = await forget(ken, email)
    const deliveries = await forgetDeliveries(urls.databaseUrl, email)
    console.log(`${rows} rows named ${email}, and ${deliveries} deliveries of the payment provider.`)
    tell('Still named, in texts that somebody wrote; look at them yourself', left)
    tell('The same name stands in', namesakes)
    return left.length === 0 ? 0 : 1
  } finally {
    await ken.end()
    await stop()
  }
})

function tell(what: string, rows: HeldRow[]): void {
  if (rows.length === 0) return
  console.log(`${what}:`)
  for (const { table, row } of rows) {
    const { workspace_id: workspace, id, row: place } = row
    console.log(`  ${table} ${JSON.stringify({ workspace, id, row: place })}`)
  }
}
