/** Mails of one campaign on their way to the mail server: a few at a time, each noted as soon as it is known what became of it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { isOutOfReach } from '../database.ts'
import { faultOf } from '../mail/transport.ts'
import type { Job } from '../queue.ts'
import { outgoing } from './campaign-mail.ts'
import { noteAccepted, noteFault, noteRefused, type Send } from './sends.ts'

/** So many in a row that could not be handed over, and it is the mail server's trouble, not theirs: all wait for a while. */
const mostFaults = 10

/** A server that answers so slowly that no timeout of the connection notices. */
const longestMs = 60_000

export class Delivery {
  readonly #context: Context
  readonly #job: Job
  readonly #signal: AbortSignal
  readonly #sender: { from: string; instant: () => Date }
  readonly #running = new Set<Promise<void>>()
  /** Taken by the mail server and not noted yet; noted together while an earlier note is being written. */
  #taken: { id: string; at: Date }[] = []
  #noting: Promise<void> | null = null
  #faults = 0
  #pauseSeconds = 0
  #failure: unknown = null

  constructor(context: Context, job: Job, signal: AbortSignal, sender: { from: string; instant: () => Date }) {
    this.#context = context
    this.#job = job
    this.#signal = signal
    this.#sender = sender
  }

  /** How many more mails may be handed over now. */
  get free(): number {
    return Math.max(0, this.#context.campaignTransport.atOnce - this.#running.size)
  }

  get isBusy(): boolean {
    return this.#running.size > 0
  }

  /** For how long nothing is to be handed over, where nothing could be for a while; else null. */
  get brokenForSeconds(): number | null {
    return this.#faults >= mostFaults ? this.#pauseSeconds : null
  }

  hand(sends: Send[]): void {
    for (const send of sends) {
      const delivery = this.#deliver(send)
        .catch((error: unknown) => void (this.#failure ??= error))
        .finally(() => this.#running.delete(delivery))
      this.#running.add(delivery)
    }
  }

  /** Waits until one of them has come to its end. Throws what could not be written down. */
  async next(): Promise<void> {
    await Promise.race(this.#running)
    if (this.#failure !== null) throw this.#failure as Error
  }

  /** Waits until all have come to their end. */
  async ended(): Promise<void> {
    while (this.isBusy) await Promise.all(this.#running)
    if (this.#failure !== null) throw this.#failure as Error
  }

  async #deliver(send: Send): Promise<void> {
    const at = this.#sender.instant()
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(longestMs)])
    try {
      await this.#context.campaignTransport.deliver(
        outgoing(this.#context, send, { from: this.#sender.from, at }),
        signal,
      )
    } catch (error) {
      // Whether it left is not known: whoever has the job next hands it over again, under the same Message-ID.
      if (this.#signal.aborted) return
      return this.#noteFault(send, error)
    }
    this.#faults = 0
    const taken = { id: send.id, at: this.#sender.instant() }
    this.#taken.push(taken)
    // One that came just as the last note was finished is in none yet.
    do await (this.#noting ??= this.#noteTaken().finally(() => (this.#noting = null)))
    while (this.#taken.includes(taken))
  }

  async #noteTaken(): Promise<void> {
    while (this.#taken.length > 0) {
      // Those that were taken at the same moment share a note.
      await new Promise(setImmediate)
      const taken = this.#taken.splice(0)
      for (let tries = 0; ; tries += 1) {
        try {
          await noteAccepted(this.#context.database, this.#job, taken)
          break
        } catch (error) {
          // They are out: worth a few more tries, as what is not noted goes out again.
          if (!isOutOfReach(error) || tries === 5) throw error
          await pause(500)
        }
      }
    }
  }

  async #noteFault(send: Send, error: unknown): Promise<void> {
    const { database, log } = this.#context
    const { message: fault = '', response = '' } = error as { message?: string; response?: string }
    const left = faultOf(error)
    if (left === 'refused') {
      this.#faults = 0
      log('info', { send: send.id, error: fault }, 'the mail server refused a mail of a campaign for good')
      const said = (response || fault).slice(0, 200)
      return noteRefused(database, this.#job, { id: send.id, fault, reason: `The mail server refused it: ${said}` })
    }
    const afterSeconds = Math.min(900, 2 ** Math.min(send.attempts, 10))
    this.#pauseSeconds = this.#faults === 0 ? afterSeconds : Math.min(this.#pauseSeconds, afterSeconds)
    this.#faults += 1
    log('warn', { send: send.id, attempts: send.attempts, error: fault }, 'a mail of a campaign will be tried again')
    await noteFault(database, this.#job, { id: send.id, fault, left, afterSeconds })
  }
}
