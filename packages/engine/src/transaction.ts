import { decide, type Answer, type Catalog, type Operation } from '@headroom/core'
import type pg from 'pg'
import { booksOf, load, sendOn, wantedBy, type LoadStatements } from './load.ts'
import { isEmpty, write } from './write.ts'

/** The catalogs by version, immutable once read; the engine's own is the one new periods start from. */
export interface Catalogs {
  current: string
  byVersion: Map<string, Catalog>
  /** Reads the versions named from the database where they are not known yet. */
  ensure(versions: Iterable<string>): Promise<void>
}

/** Why a batch has no answers, and whether it can have had an effect. */
export class BatchFault extends Error {
  override name = 'BatchFault'
  readonly sqlState: string
  /** True once write and commit were sent and the connection was lost: nobody knows. */
  readonly unknown: boolean

  constructor(cause: unknown, unknown: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.sqlState = (cause as { code?: string } | undefined)?.code ?? ''
    this.unknown = unknown
  }
}

/**
 * One batch, two round trips: begin · lock · read, then write · commit. Answers are returned only after the tag COMMIT.
 * Throws BatchFault; the transaction is then rolled back or the connection is lost.
 */
export async function transact(
  client: pg.Client,
  statements: LoadStatements,
  operations: readonly Operation[],
  catalogs: Catalogs,
): Promise<(Answer | 'again')[]> {
  const decision = await readAndDecide(client, statements, operations, catalogs)
  const send = sendOn(client)
  const [written, committed] = await inOneGo(client, () =>
    Promise.allSettled([
      isEmpty(decision.changes) ? Promise.resolve() : write(send, decision.changes),
      client.query('commit'),
    ]),
  )
  if (committed.status === 'rejected') throw new BatchFault(committed.reason, true)
  // A failed statement makes COMMIT resolve as ROLLBACK: the tag decides, not the absence of an error.
  if (written.status === 'rejected') throw new BatchFault(written.reason, false)
  if (committed.value.command !== 'COMMIT')
    throw new BatchFault(new Error(`COMMIT became ${committed.value.command}`), false)
  return decision.answers
}

async function readAndDecide(
  client: pg.Client,
  statements: LoadStatements,
  operations: readonly Operation[],
  catalogs: Catalogs,
) {
  try {
    // Spelled out: under a database default of repeatable read the second statement would read the snapshot before the wait.
    const [, loaded] = await inOneGo(client, () =>
      Promise.all([
        client.query('begin isolation level read committed'),
        load(sendOn(client), statements, operations.map(wantedBy), { lock: true }),
      ]),
    )
    const versions = loaded.rows.books.map((row) => row[12] as string)
    if (versions.some((version) => !catalogs.byVersion.has(version))) await catalogs.ensure(new Set(versions))
    const { books, now } = booksOf(loaded, catalogs.byVersion, catalogs.current)
    return decide(books, operations, now)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new BatchFault(error, false)
  }
}

/** What is sent in here leaves in one packet: a system call for each statement was a third of the process's time. */
function inOneGo<T>(client: pg.Client, send: () => T): T {
  const { stream } = client.connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}
