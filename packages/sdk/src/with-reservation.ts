/** Work under a reservation: quantities are set aside first, kept while it runs, and settled with what was really used. */
import type { Line, ReservationWire } from '@headroom/core'
import type { Headroom } from './client.ts'
import { HeadroomError, ReservationClosed, withoutAnswer } from './errors.ts'
import { keepAlive } from './keep-alive.ts'
import type { CallOptions, NewReservation } from './requests.ts'

export interface AtWork {
  /** Notes what was used; it is counted with the next part or the end, also when the work then throws. */
  used: (lines: Line[]) => void
  /** Counts at once these quantities and what `used` noted so far; what is counted stays. With nothing to count it asks nothing. */
  commitPart: (lines?: Line[], options?: CallOptions) => Promise<ReservationWire>
  /** Aborts when the reservation is lost: the rest of the work is no longer covered. */
  signal: AbortSignal
}

/** May return the quantities used that neither `used` nor `commitPart` has named. */
export type Work = (reservation: ReservationWire, at: AtWork) => Promise<Line[] | void>

/**
 * Reserves, runs `work`, commits what was used and returns the rest; resolves with the settled reservation.
 *
 * While the work runs the reservation is extended every third of its ttl. When the work throws, what it noted as used is counted, the
 * rest is released and its error is thrown as it is; should that settling fail too, the failure is `suppressed` on the error, and the
 * reservation returns by itself at its ttl. Throws InsufficientCredits without starting the work when it does not fit.
 *
 * Repeated with an id that has already ended, it throws ReservationClosed and does not run the work a second time.
 */
export async function withReservation(
  client: Pick<Headroom, 'reserve' | 'commit' | 'release' | 'extend'>,
  workspace: string,
  request: NewReservation,
  work: Work,
): Promise<ReservationWire> {
  const reservation = await client.reserve(workspace, request)
  const { id, state } = reservation
  if (state !== 'held') {
    const detail = `The reservation ${id} has already ended (${state}); its work is not run again.`
    throw new ReservationClosed(withoutAnswer('reservation_closed', detail), state)
  }
  const tally = new Tally(reservation, (lines, final, options) =>
    client.commit(workspace, id, { lines, final }, options),
  )
  const lost = new AbortController()
  const extend = (ttlSeconds: number, options: CallOptions) => client.extend(workspace, id, ttlSeconds, options)
  const stopExtending = keepAlive(extend, request.ttlSeconds ?? 900, (reason) => lost.abort(reason))
  try {
    const rest = await work(reservation, {
      used: (lines) => tally.note(lines),
      commitPart: (lines = [], options) => tally.commitPart(lines, options),
      signal: lost.signal,
    })
    tally.note(rest ?? [])
  } catch (error) {
    stopExtending()
    await tally
      .end(() => client.release(workspace, id))
      .catch((failure: unknown) => {
        suppress(error, failure)
      })
    throw error
  } finally {
    stopExtending()
  }
  return tally.end()
}

type Commit = (lines: Line[], final: boolean, options: CallOptions) => Promise<ReservationWire>

/** What was used and not yet counted. */
class Tally {
  readonly #commit: Commit
  #noted = new Map<string, number>()
  /** Parts that were sent and not answered: they are sent again under their own keys, so each counts once. */
  #unsure = new Set<{ lines: Line[]; options: CallOptions & { idempotencyKey: string } }>()

  /** As the last answer told it. */
  #reservation: ReservationWire

  constructor(reservation: ReservationWire, commit: Commit) {
    this.#reservation = reservation
    this.#commit = commit
  }

  note(lines: Line[]): void {
    for (const { meter, quantity } of lines) this.#noted.set(meter, (this.#noted.get(meter) ?? 0) + quantity)
  }

  async commitPart(lines: Line[], options: CallOptions = {}): Promise<ReservationWire> {
    this.note(lines)
    // A part counts something; only the end may be empty.
    if (this.#noted.size === 0) return this.#reservation
    const part = { lines: this.#take(), options: { idempotencyKey: crypto.randomUUID(), ...options } }
    this.#unsure.add(part)
    try {
      this.#reservation = await this.#commit(part.lines, false, part.options)
      this.#unsure.delete(part)
      return this.#reservation
    } catch (error) {
      if (isRefusal(error)) this.#unsure.delete(part)
      throw error
    }
  }

  /** Counts what is still open and returns the rest. With nothing to count, `release` is the plainer end. */
  async end(release?: () => Promise<ReservationWire>): Promise<ReservationWire> {
    for (const { lines, options } of this.#unsure) {
      await this.#commit(lines, false, { idempotencyKey: options.idempotencyKey })
    }
    return release && this.#noted.size === 0 ? release() : this.#commit(this.#take(), true, {})
  }

  #take(): Line[] {
    const lines = [...this.#noted].map(([meter, quantity]) => ({ meter, quantity }))
    this.#noted.clear()
    return lines
  }
}

/** The server has said no, so nothing was counted; any other failure leaves that open. */
function isRefusal(error: unknown): boolean {
  return error instanceof HeadroomError && error.status !== null && error.status < 429 && error.code !== 'in_progress'
}

/** The work's error is the one to know; a frozen or primitive one is thrown without the note. */
function suppress(error: unknown, suppressed: unknown): void {
  if (error instanceof Error && Object.isExtensible(error)) {
    Object.defineProperty(error, 'suppressed', { value: suppressed, configurable: true, writable: true })
  }
}
