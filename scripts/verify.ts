/**
 * npm run verify [-- --keep <file>] [--against <file>]
 * Recomputes every seal of the ledger and every balance, and names the first entry of each workspace that differs. Exits 1 when one does,
 * 2 when it could not look. A server may run meanwhile.
 * --keep writes the heads to a file for keeping elsewhere, signed where HEADROOM_SEAL_KEY names an Ed25519 private key (PEM).
 * --against holds the ledger to heads that were kept; HEADROOM_SEAL_PUBLIC_KEY then names the key that must have signed them.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { keepHeads, keptHeads, verifyLedger, type KeptHeads, type VerifyReport } from '@headroom/engine'
import { ConfigError, readConfig } from '@headroom/server'
import { openDatabase } from './books-file/database.ts'
import { plainly } from './plainly.ts'
import { command } from './stripe-settings.ts'

const longUnsealedMs = 3_600_000

await command(() =>
  plainly(async () => {
    const { keep, against } = flags()
    const key = await keyOf('HEADROOM_SEAL_KEY')
    const known = against === undefined ? null : await readHeads(against)
    // Whatever is wrong with the key is said before a long look, not after it.
    if (keep !== undefined) sign([], key)
    const database = await openDatabase(readConfig(process.env))
    try {
      const report = await verifyLedger(database.ownerUrl, known?.heads)
      tell(report)
      if (known)
        console.log(`Held to ${known.heads.length} heads of ${known.at}, kept in ${against}: ${signatureOf(known)}.`)
      if (report.differences.length > 0) return 1
      console.log('Everything is as it was sealed, and the ledger rebuilds every balance.')
      // Only what has just been verified is worth keeping.
      if (keep !== undefined) await keepIn(keep, sign(report.heads, key))
      return 0
    } finally {
      await database.stop()
    }
  }),
)

function tell({ differences, workspaces, entries, sealed, seals, unsealedSince }: VerifyReport): void {
  for (const line of differences) console.log(`✗ ${line}`)
  console.log(`${workspaces} workspaces, ${entries} entries, ${sealed} of them under ${seals} seals.`)
  if (unsealedSince === null) return
  console.log(
    `What has no seal yet is guarded by its sums alone; the oldest is of ${new Date(unsealedSince).toISOString()}.`,
  )
  if (Date.now() - unsealedSince > longUnsealedMs)
    console.log(
      'A server seals within five minutes: either none has run since, or its log says what keeps it from sealing.',
    )
}

function flags(): { keep?: string | undefined; against?: string | undefined } {
  try {
    return parseArgs({ options: { keep: { type: 'string' }, against: { type: 'string' } } }).values
  } catch {
    throw new ConfigError('Usage: npm run verify [-- --keep <file>] [--against <file>]')
  }
}

function sign(heads: KeptHeads['heads'], key: string | null): KeptHeads {
  try {
    return keepHeads(new Date().toISOString(), heads, key)
  } catch (error) {
    throw new ConfigError(`HEADROOM_SEAL_KEY: ${(error as Error).message}`)
  }
}

async function keepIn(file: string, kept: KeptHeads): Promise<void> {
  await writeFile(file, `${JSON.stringify(kept)}\n`)
  console.log(`${kept.heads.length} heads stand in ${file}, ${kept.signature === null ? 'unsigned' : 'signed'}.`)
}

async function readHeads(file: string): Promise<KeptHeads> {
  const key = await keyOf('HEADROOM_SEAL_PUBLIC_KEY')
  try {
    return keptHeads(await readFile(file, 'utf8'), key)
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`)
  }
}

/** Whoever may write the file may write its heads, unless somebody looks at the signature. */
function signatureOf({ signature }: KeptHeads): string {
  if (process.env.HEADROOM_SEAL_PUBLIC_KEY) return 'signed by HEADROOM_SEAL_PUBLIC_KEY'
  return signature === null ? 'unsigned' : 'signed, and HEADROOM_SEAL_PUBLIC_KEY names no key to look at that with'
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
