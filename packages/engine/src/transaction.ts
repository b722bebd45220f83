import type { Catalog, Changes, Instant, Operation, WorkspaceBooks } from '@headroom/core'
import type pg from 'pg'
import { isLostConnection } from './connection.ts'
import { booksOf, load, sendOn, wantedBy, type LoadStatements } from './load.ts'
import type { Assumed } from './assumed.ts'
import { writes, type WriteStatements } from './write.ts'

export type Statements = LoadStatements & WriteStatements

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
  /** True once it was sent to be committed and the connection was lost: nobody knows. */
  readonly unknown: boolean

  constructor(cause: unknown, unknown: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.sqlState = (cause as { code?: string } | undefined)?.code ?? ''
    this.unknown = unknown
  }

  /** Whatever went wrong before anything was sent to be committed. */
  static of(error: unknown): BatchFault {
    return error instanceof BatchFault ? error : new BatchFault(error, false)
  }
}

/**
 * Begins a transaction, locks all of the batch's workspaces, and reads the cold ones, in one round trip. All are locked, in the order
 * of their ids, so that two servers never wait for each other. Throws BatchFault, the transaction rolled back.
 * Read committed is spelled out: under a database default of repeatable read the reading would see what was before the wait.
 */
export async function open(
  client: pg.Client,
  statements: Statements,
  operations: readonly Operation[],
  cold: ReadonlySet<string>,
  catalogs: Catalogs,
): Promise<{ workspaces: Map<string, WorkspaceBooks>; now: Instant }> {
  const lock = new Set(operations.map(({ workspace }) => workspace))
  const wanted = operations.filter(({ workspace }) => cold.has(workspace)).map(wantedBy)
  try {
    const [, loaded] = await inOneGo(client, () =>
      Promise.all([
        client.query('begin isolation level read committed'),
        load(sendOn(client), statements, wanted, { lock }),
      ]),
    )
    const versions = loaded.rows.books.map((row) => row[12] as string)
    if (versions.some((version) => !catalogs.byVersion.has(version))) await catalogs.ensure(new Set(versions))
    const { workspaces, now } = booksOf(loaded)
    return { workspaces, now: now ?? (await clockOf(client, statements)) }
  } catch (error) {
    await rollBack(client)
    throw new BatchFault(error, false)
  }
}

/** Where none of the workspaces read exists, no row has brought the clock. */
async function clockOf(client: pg.Client, statements: Statements): Promise<Instant> {
  const [row] = await sendOn(client)('clock', statements.clock, [])
  return row![0] as Instant
}

/** Lets go of all locks. A connection that is lost has let go already. */
async function rollBack(client: pg.Client): Promise<void> {
  await client.query('rollback').catch(() => {})
}

/**
 * Sends what a batch has changed, at once and in one packet, to be written and committed together; resolves when it is durable, with
 * the database's clock where it was asked. One statement alone is its own transaction. Throws BatchFault: rolled back, or unknown.
 */
export async function commit(
  client: pg.Client,
  statements: Statements,
  changes: Changes,
  assumed: Assumed,
  isOpen: boolean,
): Promise<Instant | null> {
  const send = sendOn(client)
  const list = orRollBack(client, isOpen, () => writes(statements, changes, assumed))
  const isAlone = !isOpen && list.length === 1
  const [written, committed] = await inOneGo(client, () => {
    if (!isOpen && !isAlone) void client.query('begin isolation level read committed').catch(() => {})
    const sent = Promise.allSettled(list.map(({ name, text, values }) => send(name, text, values)))
    return Promise.all([sent, isAlone ? sent.then(() => null) : settled(client.query('commit'))])
  })
  const failed = written.find((one) => one.status === 'rejected')
  if (committed?.status === 'rejected') throw new BatchFault(committed.reason, true)
  // A failed statement makes COMMIT resolve as ROLLBACK: the tag decides, not the absence of an error.
  if (failed) throw new BatchFault(failed.reason, isAlone && isLost(failed.reason) && !wasNotSent(failed.reason))
  if (committed && committed.value.command !== 'COMMIT')
    throw new BatchFault(new Error(`COMMIT became ${committed.value.command}`), false)
  const clocks = written.flatMap((one) => (one.status === 'fulfilled' ? ((one.value[0]?.[0] as Instant) ?? []) : []))
  return clocks.length > 0 ? Math.max(...clocks) : null
}

/** A transaction that nothing more comes of is ended at once: what is sent next would otherwise be part of it. */
export function orRollBack<T>(client: pg.Client, isOpen: boolean, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isOpen) void rollBack(client)
    throw new BatchFault(error, false)
  }
}

/** What was read cannot be decided on: a batch ahead has failed and goes first. */
export async function giveWay(client: pg.Client): Promise<never> {
  await rollBack(client)
  throw new BatchFault({ code: '40001', message: 'The batch before it failed' }, false)
}

const settled = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> => (await Promise.allSettled([work]))[0]

/** The driver knew already that the connection was gone. */
const wasNotSent = (error: unknown): boolean =>
  /not queryable|Client was closed/.test((error as { message?: string }).message ?? '')

const isLost = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return isLostConnection(code, message)
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
