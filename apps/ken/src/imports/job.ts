/**
 * The job behind an import: reads the file in batches, judges each row, and tells Headroom part by part what counted. It can be
 * killed between any two statements: the rows say how far it came, and whoever claims the job next goes on from there.
 */
import { ExceedsReservation, InsufficientCredits, NotFound, ReservationClosed } from '@headroom/sdk'
import type { ReservationWire } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import { leads, type Context } from '../context.ts'
import * as books from './books.ts'
import type { FileRow, ImportBooks, JudgedRow } from './books.ts'
import { holdSeconds } from './imports.ts'
import { isPassing } from '../passing.ts'
import { tellFinished } from './finished.ts'
import * as settlements from './settlements.ts'
import { reasonLabels } from './reasons.ts'
import type { Job, JobEnd, JobHandler } from '../queue.ts'
import { delivers } from './verifier.ts'

const batchRows = 100

/** An import goes to the back of the queue after this long, so that all get their turn, and with it their heartbeat. */
const turnMs = 60_000

/** After so many tries without progress the import is given up. */
const maxAttempts = 5

interface Run {
  signal: AbortSignal
  stopping: () => boolean
}

export function importJob(context: Context): JobHandler {
  return async (job, run) => {
    try {
      return await work(context, job, run)
    } catch (error) {
      // Nothing is wrong with the import: Headroom cannot be asked now. What was written is told later, under the same keys.
      if (!isPassing(error) || run.signal.aborted) throw error
      const { message } = error as Error
      context.log('warn', { import: job.id, error: message }, 'Headroom could not be asked; the import waits')
      return { again: 5 }
    }
  }
}

async function work(context: Context, job: Job, run: Run): Promise<JobEnd> {
  const { database } = context
  if (job.attempts > maxAttempts) {
    await settlements.noteEnding(
      database,
      job,
      'failed',
      'The import failed several times at the same place and was given up.',
    )
  }
  if (!(await reserved(context, job))) return 'done'
  const stopBeating = await keepHeld(context, job)
  const turnEnds = Date.now() + turnMs
  try {
    for (;;) {
      await settle(context, job, run.signal)
      const now = await books.loadImport(database, job)
      if (!now) return 'done'
      if (now.ending) return await conclude(context, job, now)
      if (run.stopping() || Date.now() > turnEnds) return { again: 0 }
      run.signal.throwIfAborted()
      const rows = await books.nextRows(database, now, batchRows)
      if (rows.length === 0) throw new Error(`The file of ${job.id} has fewer rows than it had.`)
      const judged = await judge(context, now, rows, run.signal)
      await books.writeBatch(database, job, judged)
    }
  } finally {
    stopBeating()
  }
}

/** True when there is an import to work on. One that was cut off between its row and its reservation reserves now, by the same id. */
async function reserved(context: Context, job: Job): Promise<boolean> {
  const { database, headroom } = context
  const found = await books.loadImport(database, job)
  if (!found) return false
  if (found.reservedAt || found.ending) return true
  try {
    const reservation = found.ask && (await headroom.as(found.viewer).reserve(job.workspaceId, found.ask))
    await books.recordReservation(context, job, reservation)
  } catch (error) {
    if (!(error instanceof InsufficientCredits)) throw error
    await settlements.noteEnding(database, job, 'failed', 'No leads were left when this import was to start.')
  }
  return true
}

/** Tells Headroom what has counted and was not told yet. A part that comes too late is kept and does not count. */
async function settle({ database, headroom }: Context, job: Job, signal: AbortSignal): Promise<void> {
  const open = await settlements.openParts(database, job)
  for (const [index, part] of open.entries()) {
    const lines = part.quantity > 0 ? [{ meter: leads, quantity: part.quantity }] : []
    const options = { idempotencyKey: `${job.id}_${part.part}`, signal }
    try {
      const reservation = await headroom.commit(job.workspaceId, job.id, { lines, final: part.final }, options)
      await settlements.noteBooked(database, job, part)
      // A part that just made it after the expiry is the last that does.
      if (!part.final && reservation.state !== 'held')
        await settlements.noteEnding(database, job, 'credits_lost', settlements.creditsLostNotice)
    } catch (error) {
      const lost =
        error instanceof ReservationClosed || error instanceof ExceedsReservation || error instanceof NotFound
      if (!lost) throw error
      // With nothing left to book, an end that came too late has lost nothing.
      if (part.quantity === 0) await settlements.noteBooked(database, job, part)
      else return settlements.noteLost(database, job, open.slice(index))
    }
  }
}

/** The heartbeat: the reservation lasts while somebody works. Starts by extending, as the last worker may have died a while ago. */
async function keepHeld({ database, headroom, log }: Context, job: Job): Promise<() => void> {
  const now = await books.loadImport(database, job)
  if (!now?.ask || now.ending || now.reserved === 0) return () => {}
  const extend = () =>
    headroom.extend(job.workspaceId, job.id, holdSeconds).catch((error: unknown) => {
      // When it has ended, the next part is refused, and that is where it is dealt with.
      log('warn', { import: job.id, error: String(error) }, 'a reservation could not be extended')
    })
  await extend()
  const beat = setInterval(() => void extend(), (holdSeconds / 3) * 1_000)
  return () => clearInterval(beat)
}

/** Ends the reservation where its last part has not, then closes the import. */
async function conclude(context: Context, job: Job, now: ImportBooks): Promise<JobEnd> {
  const { database, headroom, log } = context
  const { ask, ending, counted, reserved: held } = now
  let reservation: ReservationWire | null = null
  if (ask) {
    try {
      if (ending !== 'completed')
        await headroom.release(job.workspaceId, job.id, { idempotencyKey: `${job.id}_release` })
    } catch (error) {
      if (!(error instanceof ReservationClosed || error instanceof NotFound)) throw error
    }
    reservation = await headroom.reservation(job.workspaceId, job.id).catch((error: unknown) => {
      if (error instanceof NotFound) return null
      throw error
    })
  }
  const used = reservation?.lines[0]?.used ?? 0
  if (used !== counted)
    log('error', { import: job.id, used, counted, held }, 'an import and its reservation count differently')
  const at = reservation?.closedAt ?? null
  await tellFinished(context, now, at ?? (await nowOf(context, job.workspaceId)).toISOString())
  await settlements.close(database, job, { ending: ending!, at })
  return 'done'
}

/**
 * Judges rows in order, up to where the reservation would be full if all of them counted; the others are read again next time, for
 * some of these may turn out to be counted by another import.
 */
async function judge(context: Context, now: ImportBooks, rows: FileRow[], signal: AbortSignal): Promise<JudgedRow[]> {
  const first = rows.map((row) => beforeVerification(context, now, row))
  const candidates = first.filter((row) => row.reason === null)
  const verifications = await context.verifier.verify(
    candidates.map((row) => row.contact.email!),
    signal,
  )
  for (const [index, row] of candidates.entries()) {
    row.verification = verifications[index] ?? 'unknown'
    if (delivers(row.verification)) continue
    row.reason = row.verification
    row.label = reasonLabels[row.verification]
  }
  const room = now.reserved - now.counted
  let would = 0
  const full = first.findIndex((row) => row.reason === null && (would += 1) === room)
  return full === -1 ? first : first.slice(0, full + 1)
}

function beforeVerification({ qualifier }: Context, now: ImportBooks, row: FileRow): JudgedRow {
  const { row: number, contact, email_hash: emailHash, fault } = row
  const judged: JudgedRow = {
    row: number,
    contact,
    emailHash,
    reason: null,
    label: 'Counted',
    qualified: false,
    verification: null,
  }
  const early = fault ?? (row.duplicate ? 'duplicate' : row.counted ? 'already_counted' : null)
  if (early) return { ...judged, reason: early, label: reasonLabels[early] }
  const judgement = qualifier.judge(contact, now.criteria)
  if (!judgement.qualified) return { ...judged, reason: judgement.reason, label: judgement.label }
  return { ...judged, qualified: true }
}
