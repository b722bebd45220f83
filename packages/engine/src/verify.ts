import { instantText, type Instant } from '@headroom/core'
import type pg from 'pg'
import { audit } from './audit.ts'
import { connectOwner } from './connection.ts'
import { MigrationError } from './migrate.ts'
import type { Row } from './rows.ts'
import { entryHash, lineAt, lineColumns, noHash, sealHash } from './seal-line.ts'

/** How far a workspace's ledger is sealed, and the hash that stands for all of it up to there. */
export interface Head {
  workspace: string
  number: number
  lastSeq: number
  hash: string
}

export interface VerifyReport {
  workspaces: number
  entries: number
  /** Entries that a seal covers. */
  sealed: number
  seals: number
  /** When the oldest entry without a seal was booked; null when there is none. */
  unsealedSince: Instant | null
  heads: Head[]
  /** In words; of each workspace the first entry that differs. Empty when everything is as it was sealed. */
  differences: string[]
}

interface Seal {
  number: number
  first_seq: number
  last_seq: number
  last_at: number
  hash: string
  checks: Buffer
}

const entriesPerFetch = 5_000

/**
 * Recomputes every seal from the ledger, in one snapshot and on a connection of its own, and rebuilds every balance (audit). `known`
 * are heads that were kept elsewhere: each must still stand in the chain. Changes nothing. Throws MigrationError where no
 * server of this version has been started yet.
 */
export async function verifyLedger(databaseUrl: string, known: readonly Head[] = []): Promise<VerifyReport> {
  const client = await connectOwner(databaseUrl)
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: there } = await client.query<{ seals: boolean }>(`select to_regclass('seals') is not null as seals`)
    if (!there[0]!.seals)
      throw new MigrationError('This database has no sealed ledger yet: start the server on it once.')
    const report: VerifyReport = {
      workspaces: 0,
      entries: 0,
      sealed: 0,
      seals: 0,
      unsealedSince: null,
      heads: [],
      differences: [],
    }
    const { rows } = await client.query<{ workspace: string }>(
      `select workspace_id as workspace from workspaces union select workspace_id from seals union select workspace_id from ledger_entries order by 1`,
    )
    const knownOf = new Map<string, Head[]>()
    for (const head of known) knownOf.set(head.workspace, [...(knownOf.get(head.workspace) ?? []), head])
    for (const { workspace } of rows) {
      await verifyWorkspace(client, workspace, knownOf.get(workspace) ?? [], report)
      knownOf.delete(workspace)
    }
    for (const workspace of knownOf.keys())
      report.differences.push(`${workspace}: everything of this workspace is missing`)
    for (const difference of (await audit(client, { patience: '0' })).differences) report.differences.push(difference)
    await client.query('rollback')
    return report
  } finally {
    await client.end()
  }
}

async function verifyWorkspace(
  client: pg.Client,
  workspace: string,
  known: readonly Head[],
  report: VerifyReport,
): Promise<void> {
  const { rows: seals } = await client.query<Seal>(
    `select number, first_seq, last_seq, (extract(epoch from last_at) * 1000000)::bigint as last_at, hash, checks
       from seals where workspace_id = $1 order by number`,
    [workspace],
  )
  const chain = new Chain(seals)
  for await (const row of entriesOf(client, workspace)) chain.add(row)
  const difference = chain.end() ?? missingHead(seals, known)
  if (difference !== null) report.differences.push(`${workspace}: ${difference}`)
  report.workspaces += 1
  report.entries += chain.entries
  report.sealed += chain.sealed
  report.seals += seals.length
  const { unsealedSince } = chain
  if (unsealedSince !== null) report.unsealedSince = Math.min(unsealedSince, report.unsealedSince ?? unsealedSince)
  const last = seals.at(-1)
  if (last) report.heads.push({ workspace, number: last.number, lastSeq: last.last_seq, hash: last.hash })
}

/** All entries of a workspace by their seq, a few thousand at a time: never by time alone, which a forged entry may lie about. */
async function* entriesOf(client: pg.Client, workspace: string): AsyncGenerator<Row> {
  const text = client.escapeLiteral(workspace)
  await client.query(
    `declare entries no scroll cursor for select ${lineColumns} from ledger_entries e where workspace_id = ${text} order by e.seq, e.meter, e.at`,
  )
  for (let more = true; more;) {
    const { rows } = await client.query<string[]>({ text: `fetch ${entriesPerFetch} from entries`, rowMode: 'array' })
    yield* rows
    more = rows.length === entriesPerFetch
  }
  await client.query('close entries')
}

/** Holds entries, as they come, to the seals over them. */
class Chain {
  entries = 0
  sealed = 0
  unsealedSince: Instant | null = null
  readonly #seals: readonly Seal[]
  #at = 0
  #before = noHash
  #hashes: Buffer[] = []
  #last = { seq: 0, at: -Infinity }
  #difference: string | null = null

  constructor(seals: readonly Seal[]) {
    this.#seals = seals
  }

  add(row: Row): void {
    this.entries += 1
    if (this.#difference !== null) return
    this.#difference = this.#add(row)
    this.#last = { seq: this.#last.seq + 1, at: Number(row[lineAt.at]) }
  }

  /** What is wrong with it, or null. */
  #add(row: Row): string | null {
    const seal = this.#seals[this.#at]
    const seq = Number(row[lineAt.seq])
    const expected = this.#last.seq + 1
    if (seal && (seal.number !== this.#at + 1 || seal.first_seq !== expected - this.#hashes.length))
      return `the seals before seal ${seal.number} are not all there`
    if (seq < expected)
      return seq > this.sealed ? `${shown(row)} is not the only one` : `${shown(row)} was added to what was sealed`
    if (seq > expected) return `entry ${expected} is missing; the next one there is ${seq}`
    if (seal) return this.#compare(row, seal)
    if (Number(row[lineAt.at]) < this.#last.at) return `${shown(row)} is older than the one before it`
    this.unsealedSince ??= instantOf(row)
    return null
  }

  #compare(row: Row, seal: Seal): string | null {
    const hash = entryHash(row)
    const check = seal.checks.subarray(4 * this.#hashes.length, 4 * this.#hashes.length + 4)
    if (!check.equals(hash.subarray(0, 4))) return `${shown(row)} is not as it was sealed`
    this.#hashes.push(hash)
    this.sealed += 1
    if (this.sealed < seal.last_seq) return null
    // last_at is in no hash: the sealer looks for what comes next from there on.
    if (sealHash(this.#before, this.#hashes) !== seal.hash || Number(row[lineAt.at]) !== seal.last_at)
      return `seal ${seal.number} (entries ${seal.first_seq} to ${seal.last_seq}) is not as it was made`
    this.#before = seal.hash
    this.#hashes = []
    this.#at += 1
    return null
  }

  /** The first difference, or null. */
  end(): string | null {
    if (this.#difference !== null) return this.#difference
    return this.#at < this.#seals.length ? `entry ${this.sealed + 1} is missing; no later one is there` : null
  }
}

const instantOf = (row: Row): Instant => Math.floor(Number(row[lineAt.at]) / 1000)

const shown = (row: Row): string =>
  `entry ${row[lineAt.seq] as string} (${row[lineAt.meter] as string}, ${instantText(instantOf(row))})`

/** A chain can be made anew from its beginning by whoever may write everything; what was kept elsewhere then no longer stands in it. */
function missingHead(seals: readonly Seal[], known: readonly Head[]): string | null {
  for (const { number, lastSeq, hash } of known) {
    const seal = seals[number - 1]
    if (!seal) return `seal ${number}, which was kept elsewhere, is missing`
    if (seal.hash !== hash || seal.last_seq !== lastSeq)
      return `seal ${number} (entries ${seal.first_seq} to ${seal.last_seq}) is another than the one that was kept elsewhere`
  }
  return null
}
