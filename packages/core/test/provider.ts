/**
 * A payment provider as the random histories imagine it: one subscription at a time that its customer, its clock and its support
 * change. Each look at it is a reading with a number; readings are handed over late, twice or never.
 */
import type { SyncSubscription } from '../src/operations.ts'
import type { Instant, Interval } from '../src/words.ts'
import type { Choices } from './choices.ts'
import { day, second } from './clock.ts'
import { boundaryOf } from './model/world.ts'

type Live = NonNullable<SyncSubscription['subscription']>
type Reading = Pick<SyncSubscription, 'reading' | 'subscription'>

const paid: readonly [plan: string, contacts: number | null][] = [
  ['starter', 10],
  ['starter', 20],
  ['growth', 50],
  ['dfy', 30],
  ['partner', null],
]

export class Provider {
  readonly #choices: Choices
  readonly #readings: Reading[] = []
  #live: Live | null = null
  #subscriptions = 0

  constructor(choices: Choices) {
    this.#choices = choices
  }

  /** What is handed over next: mostly the newest reading, now and then one that comes late. */
  reading(t: Instant): Reading {
    const c = this.#choices
    if (c.chance(50)) this.#look(t)
    this.#look(t)
    return (
      this.#readings.at(
        -1 -
          c.weighted([
            [200, 0],
            [40, 1],
            [16, 2],
          ] as const),
      ) ?? this.#readings[0]!
    )
  }

  #look(t: Instant): void {
    this.#live = this.#live ? this.#changed(this.#passed(this.#live, t), t) : this.#begun(t)
    const subscription = this.#live && { ...this.#live }
    this.#readings.push({ reading: this.#readings.length + 1, subscription })
  }

  #begun(t: Instant): Live | null {
    const c = this.#choices
    if (c.chance(24)) return null
    const [plan, contacts] = c.one(paid)
    const interval = c.one(['month', 'year'] as const)
    const [status, anchor] = c.one<[Live['status'], Instant]>([
      ['active', t],
      ['active', t - 5 * second],
      ['active', t + 2 * second],
      ['active', t + 10 * day],
      ['trialing', t + 14 * day],
      ['trialing', t + 45 * day],
    ])
    const reference = `sub_${(this.#subscriptions += 1)}`
    return { reference, plan, contacts, interval, anchor, status, graceUntil: null, pending: null }
  }

  /** What its clock has done; not always at once. */
  #passed(live: Live, t: Instant): Live {
    const { pending } = live
    if (pending && pending.at <= t && this.#choices.chance(190)) {
      const { plan, contacts, interval, at } = pending
      const anchor = interval !== live.interval && this.#choices.chance(128) ? at : live.anchor
      return { ...live, plan, contacts, interval, anchor, pending: null }
    }
    if (live.status === 'trialing' && live.anchor <= t && this.#choices.chance(190))
      return { ...live, status: 'active' }
    return live
  }

  #changed(live: Live, t: Instant): Live | null {
    const c = this.#choices
    if (live.plan === 'free') return null
    const [plan, contacts] = c.one(paid)
    const other: Interval = live.interval === 'year' ? 'month' : 'year'
    const isTrial = live.status === 'trialing' && live.anchor > t
    switch (
      isTrial && c.chance(40)
        ? 'trial'
        : c.weighted([
            [40, 'nothing'],
            [40, 'plan'],
            [20, 'interval'],
            [50, 'later'],
            [24, 'cancel later'],
            [14, 'as it was'],
            [20, 'payment'],
            [12, 'anchor'],
            [24, 'trial'],
            [12, 'end'],
            [10, 'unknown'],
          ] as const)
    ) {
      case 'nothing':
        return live
      case 'plan':
        return { ...live, plan, contacts }
      case 'interval':
        return { ...live, interval: other, anchor: t, pending: null }
      case 'later': {
        const interval = c.one([live.interval, live.interval, other])
        return { ...live, pending: { plan, contacts, interval, at: c.one([end(live, t), end(live, t), t + 3 * day]) } }
      }
      case 'cancel later':
        return { ...live, pending: { plan: 'free', contacts: null, interval: live.interval, at: end(live, t) } }
      case 'as it was':
        return { ...live, pending: null }
      case 'payment':
        return { ...live, ...c.one(payments(t)) }
      case 'anchor':
        return { ...live, status: 'active', anchor: c.one([t, t - 40 * day, t + 2 * second, t + 10 * day]) }
      case 'trial':
        return isTrial
          ? {
              ...live,
              ...c.one([{ anchor: t + 30 * day }, { anchor: t + day }, { anchor: t, status: 'active' as const }]),
            }
          : live
      case 'end':
        return null
      case 'unknown':
        return c.chance(128)
          ? { ...live, plan: 'gold' }
          : { ...live, pending: { plan: 'gold', contacts: null, interval: 'month' as const, at: end(live, t) } }
    }
  }
}

const payments = (t: Instant): Pick<Live, 'status' | 'graceUntil'>[] => [
  { status: 'active', graceUntil: null },
  { status: 'past_due', graceUntil: t + 7 * day },
  { status: 'past_due', graceUntil: t },
  { status: 'suspended', graceUntil: null },
]

/** The end of what is paid for: of the month or of the year. */
function end({ anchor, interval }: Live, t: Instant): Instant {
  const step = interval === 'year' ? 12 : 1
  let n = 0
  while (boundaryOf(anchor, n) > t) n -= step
  while (boundaryOf(anchor, n) <= t) n += step
  return boundaryOf(anchor, n)
}
