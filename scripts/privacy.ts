/**
 * npm run privacy -- export <email>     everything that is held about whoever has this address, as JSON
 * npm run privacy -- forget <email>     forgets them; exits 1 while the address still stands somewhere
 * The application may run meanwhile. Exits 2 when it could not be done. See docs/reference/personal-data.md.
 */
import {
  addressOf,
  exportOf,
  forget,
  openDatabase as openKen,
  Problem,
  type Address,
  type HeldRow,
} from '@headroom/ken/privacy'
import { forgetDeliveries, heldDeliveries, type HeldDelivery } from '@headroom/engine'
import { ConfigError, readConfig } from '@headroom/server'
import { openDatabase } from './books-file/database.ts'
import { plainly } from './plainly.ts'
import { command } from './stripe-settings.ts'

type Ken = ReturnType<typeof openKen>

await command(() => plainly(() => answer().catch(asRefusal)))

async function answer(): Promise<number> {
  const [what, email = '', ...more] = process.argv.slice(2)
  if ((what !== 'export' && what !== 'forget') || email === '' || more.length > 0)
    throw new ConfigError('Usage: npm run privacy -- export|forget <email>')
  const address = addressOf(email)
  const database = await openDatabase(readConfig(process.env))
  const { ownerUrl: url } = database
  const ken = openKen(url, () => {})
  try {
    if (what === 'forget') return await forgetAll(ken, url, email, address)
    const deliveries = (await heldDeliveries(url, address.mention)).map(asRow)
    console.log(JSON.stringify([...(await exportOf(ken, address)), ...deliveries], null, 2))
    return 0
  } finally {
    await ken.end()
    await database.stop()
  }
}

async function forgetAll(ken: Ken, url: string, email: string, address: Address): Promise<number> {
  const { rows, left, namesakes } = await forget(ken, address)
  const deliveries = await forgetDeliveries(url, address.mention)
  const waiting = (await heldDeliveries(url, address.mention)).map(asRow)
  console.log(`${rows} rows named ${email}, and ${deliveries} deliveries of the payment provider that are done with.`)
  tell('Still named, in texts that somebody wrote; look at them yourself', left)
  tell(
    'Still named, in deliveries of the payment provider that wait or are parked; run this again when they are done',
    waiting,
  )
  tell('The same name stands in', namesakes)
  if (left.length + waiting.length > 0) return 1
  console.log('The address stands nowhere any more.')
  return 0
}

function asRow({ event, ...row }: HeldDelivery): HeldRow {
  return { table: 'headroom.inbox', row: { id: event, ...row } }
}

function tell(what: string, rows: HeldRow[]): void {
  if (rows.length === 0) return
  console.log(`${what}:`)
  for (const { table, row } of rows) {
    const { workspace_id: workspace, id, row: place } = row
    console.log(`  ${table} ${JSON.stringify({ workspace, id, row: place })}`)
  }
}

/** What Ken refuses, it says in words for whoever asked. */
function asRefusal(error: unknown): never {
  throw error instanceof Problem ? new ConfigError(error.message) : error
}
