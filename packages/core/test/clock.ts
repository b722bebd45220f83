/** The clock of a random history: it likes to stand still, and to stop right at, before and after an instant that matters. */
import type { Instant } from '../src/words.ts'
import type { Choices } from './choices.ts'
import type { Model } from './model.ts'

export const second = 1000
const hour = 3600 * second
export const day = 24 * hour

export class Clock {
  readonly #choices: Choices
  readonly #model: Model
  #named: Instant | undefined
  now: Instant = Date.UTC(2026, 0, 31, 10)

  constructor(choices: Choices, model: Model) {
    this.#choices = choices
    this.#model = model
  }

  /** Names the instant of the next batch. */
  after(instant: Instant): void {
    this.#named = instant
  }

  /** The instant of the next batch. */
  next(): Instant {
    const c = this.#choices
    const model = this.#model
    if (!model.found) return this.now
    const around = (instant: Instant | undefined) => (instant === undefined ? this.now : instant + c.one([0, -1, 1]))
    const forward = (instant: Instant) => (this.now = Math.max(this.now, instant))
    const named = this.#named
    this.#named = undefined
    if (named !== undefined) return forward(named)
    // What was announced is waited for.
    if (model.reference !== null && model.pending && c.chance(64)) return forward(around(model.current.end))
    const held = model.holds.filter((hold) => hold.state === 'held')
    const late = model.holds.filter((hold) => hold.state === 'expired')
    switch (
      c.weighted([
        [105, 'still'],
        [24, 'later'],
        [36, 'expiry'],
        [30, 'grace'],
        [26, 'period'],
        [8, 'payment'],
        [12, 'months'],
        [2, 'years'],
        [6, 'back'],
      ] as const)
    ) {
      case 'still':
        return this.now
      case 'later':
        return forward(this.now + c.one([1, second, 30 * second, 10 * 60 * second, hour, day]))
      case 'expiry':
        return held.length === 0 ? this.now : forward(around(c.one(held).expiresAt))
      case 'grace': {
        if (late.length === 0)
          return held.length === 0 ? this.now : forward(c.one(held).expiresAt + c.one([0, 10, 29]) * second)
        return forward(around(late.at(-1)!.expiresAt + c.one([30, 60]) * second))
      }
      case 'period':
        return forward(around(model.current.end))
      case 'payment':
        return forward(around(model.graceUntil ?? undefined))
      case 'months':
        return forward(model.current.end + c.below(4) * 31 * day + c.one([0, 1, day]))
      case 'years':
        return forward(this.now + (37 + c.below(4)) * 31 * day)
      case 'back':
        return (this.now -= c.one([1, second, hour]))
    }
  }
}
