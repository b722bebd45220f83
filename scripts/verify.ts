/**
 * npm run verify [-- --keep <file>] [--against <file>]
 * Recomputes every seal of the ledger and every balance, and names the first entry of each workspace that differs. Exits 1 when one does.
 * --keep writes the heads to a file for keeping elsewhere, signed where HEADROOM_SEAL_KEY names an Ed25519 private key (PEM).
 * --against holds the ledger to heads that were kept; HEADROOM_SEAL_PUBLIC_KEY then names the key that must have signed them.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { keepHeads, keptHeads, verifyLedger, type Head } from '@headroom/engine'
import { ConfigError, readConfig } from '@headroom/server'
import { openDatabase } from './database.ts'
import { command } from './stripe-settings.ts'

await command(async () => {
  const { keep, against } = flags()
  const known = against === undefined ? [] : await readHeads(against)
  const database = await openDatabase(readConfig(process.env))
  try {
    const report = await verifyLedger(database.urls.databaseUrl, known)
    const { workspaces, entries, sealed, seals, heads, differences } = report
    for (const line of differences) console.log(`✗ ${line}`)
    console.log(`${workspaces} workspaces, ${entries} entries, ${sealed} of them under ${seals} seals.`)
    if (against !== undefined) console.log(`${known.length} heads were held to what was kept in ${against}.`)
    if (differences.length > 0) return 1
    console.log('Everything is as it was sealed, and the ledger rebuilds every balance.')
    // Only what has just been verified is worth keeping.
    if (keep !== undefined) await keepIn(keep, heads)
    return 0
  } finally {
    await database.stop()
  }
})

function flags(): { keep?: string | undefined; against?: string | undefined } {
  try {
    return parseArgs({ options: { keep: { type: 'string' }, against: { type: 'string' } } }).values
  } catch {
    throw new ConfigError('Usage: npm run verify [-- --keep <file>] [--against <file>]')
  }
}

async function keepIn(file: string, heads: Head[]): Promise<void> {
  const kept = keepHeads(new Date().toISOString(), heads, await keyOf('HEADROOM_SEAL_KEY'))
  await writeFile(file, `${JSON.stringify(kept)}\n`)
  console.log(`${heads.length} heads stand in ${file}, ${kept.signature === null ? 'unsigned' : 'signed'}.`)
}

async function readHeads(file: string): Promise<Head[]> {
  const key = await keyOf('HEADROOM_SEAL_PUBLIC_KEY')
  try {
    return keptHeads(await readFile(file, 'utf8'), key)
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`)
  }
}

async function keyOf(name: string): Promise<string | null> {
  const file = process.env[name]
  if (file === undefined || file === '') return null
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new ConfigError(`${name} names a file that cannot be read: ${file}`)
  }
}
