/** Headroom's clock for campaigns that send: asked now and then, and derived in between. One for a process, as Headroom has one. */
import type { Headroom } from '@headroom/sdk'
import { isPassing } from '../passing.ts'

const askAgainMs = 500
const inStepAskAgainMs = 2_000
/** How far apart two clocks may get between two answers and still pass for running in step: an answer takes a moment. */
const driftMs = 250

export class SendingClock {
  readonly #headroom: Headroom
  /** What it answered last, when that was here, and whether it had run as ours does since the answer before. */
  #last = { at: 0, here: -Infinity, inStep: false }

  constructor(headroom: Headroom) {
    this.#headroom = headroom
  }

  /** Asks where the last answer is old. While Headroom is away and its clock ran as ours, ours goes on; else it throws what came. */
  async now(workspaceId: string): Promise<Date> {
    const age = Date.now() - this.#last.here
    if (age >= (this.#last.inStep ? inStepAskAgainMs : askAgainMs)) await this.#ask(workspaceId)
    return this.instant()
  }

  /** The time as far as it is known: call after `now`. */
  instant(): Date {
    const { at, here, inStep } = this.#last
    return new Date(inStep ? at + (Date.now() - here) : at)
  }

  /** Whether time passes by itself there, so that one can wait for an instant. A test clock stands still. */
  get runs(): boolean {
    return this.#last.inStep
  }

  async #ask(workspaceId: string): Promise<void> {
    try {
      const { asOf } = await this.#headroom.balances(workspaceId, {}, { timeoutMs: 2_000, maxRetries: 0 })
      const [before, at, here] = [this.#last, Date.parse(asOf), Date.now()]
      this.#last = { at, here, inStep: Math.abs(at - before.at - (here - before.here)) < driftMs }
    } catch (error) {
      if (!isPassing(error) || !this.#last.inStep) throw error
      this.#last = { at: this.instant().getTime(), here: Date.now(), inStep: true }
    }
  }
}
