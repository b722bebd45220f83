/**
 * Makes random histories out of plain bytes, one choice a byte, looking at the model to aim at the places where bugs live:
 * the exact rest, the exact millisecond of an end, an id used before. Fewer and smaller bytes make a shorter, plainer history,
 * so a failing one shrinks to its story.
 */
import type { Grant, Operation, Refund } from '../src/operations.ts'
import { maxQuantity, type Instant, type Line, type MeterId } from '../src/words.ts'
import type { Choices } from './choices.ts'
import { Clock, day, second } from './clock.ts'
import type { Model } from './model.ts'
import { begun, plans, setPlan } from './plan-changes.ts'
import { Provider } from './provider.ts'
import { asked, hashed } from './requests.ts'

const meters: readonly MeterId[] = ['leads', 'email_sends', 'ai_campaigns', 'tokens']

export class History {
  readonly #choices: Choices
  readonly #model: Model
  readonly #clock: Clock
  readonly #provider: Provider
  readonly #earlier: Operation[] = []
  #minted = 0

  constructor(choices: Choices, model: Model) {
    this.#choices = choices
    this.#model = model
    this.#clock = new Clock(choices, model)
    this.#provider = new Provider(choices)
  }

  nextInstant(): Instant {
    return this.#clock.next()
  }

  nextOperation(): Operation {
    const c = this.#choices
    if (!this.#model.found && !c.chance(12)) return this.#remember(this.#create())
    const kind = c.weighted([
      [64, 'reserve'],
      [44, 'commit'],
      [14, 'release'],
      [14, 'extend'],
      [26, 'use'],
      [15, 'grant'],
      [15, 'refund'],
      [22, 'set-plan'],
      [22, 'sync-subscription'],
      [4, 'settle'],
      [32, 'repeat'],
      [2, 'create-workspace'],
    ] as const)
    if (kind === 'repeat' && this.#earlier.length > 0) return this.#repeat()
    const operation =
      this.#late() ?? this.#confirmed() ?? this.#make(begun(this.#model) && c.chance(24) ? 'set-plan' : kind)
    // The first answer under a key is kept; three keys are few enough to meet again.
    const key =
      this.#model.found && operation.op !== 'create-workspace' && c.chance(24) ? c.one(['k1', 'k2', 'k3']) : null
    return this.#remember({ ...operation, key })
  }

  /** When a flood comes: now, or so shortly before the period's end that its holds run out on both sides of it. */
  floodInstant(): Instant {
    const before = this.#choices.one([undefined, 30, 500, 3600])
    if (before !== undefined) this.#clock.after(this.#model.current.end - before * second)
    return this.#clock.next()
  }

  /** More holds than one round settles, all made at once. */
  flood(): Operation[] {
    const c = this.#choices
    const first = c.one([60, 900])
    const later = c.one([first, first + 1, 3600])
    const name = `flood${(this.#minted += 1)}`
    this.#clock.after(this.#model.t + later * second + c.one([0, 1, 40 * day]))
    const line = (quantity: number) => [{ meter: 'leads', quantity }]
    const room: Grant = {
      ...asked,
      op: 'grant',
      source: { type: 'operator', id: name },
      lines: line(300),
      reason: null,
    }
    const holds = Array.from({ length: 205 }, (_, index) => {
      const ttlSeconds = index < 150 ? first : later
      return this.#reserve(`${name}_${index}`, line(1), ttlSeconds)
    })
    return [room, ...holds].map(hashed)
  }

  /** The instant of what is asked next. */
  #t(): Instant {
    return this.#model.found ? this.#model.t : this.#clock.now
  }

  #reserve(id: string, lines: Line[], ttlSeconds: number, partial = false): Operation {
    return { ...asked, op: 'reserve', id, lines, partial, ttlSeconds, reference: null, metadata: null }
  }

  #remember(operation: Operation): Operation {
    const whole = hashed(operation)
    this.#earlier.push(whole)
    return whole
  }

  #repeat(): Operation {
    const c = this.#choices
    const earlier = this.#earlier[Math.max(0, this.#earlier.length - 1 - c.below(6))]!
    if (!c.chance(48)) return { ...earlier, requestId: 'req_again' }
    // The same id or key with other content.
    if (earlier.op === 'reserve') return hashed({ ...earlier, ttlSeconds: earlier.ttlSeconds + 1 })
    if (earlier.op === 'commit') return hashed({ ...earlier, lines: [], final: true })
    if (earlier.op === 'create-workspace') return hashed({ ...earlier, name: 'Another' })
    return earlier
  }

  #make(kind: 'repeat' | Operation['op']): Operation {
    const c = this.#choices
    switch (kind) {
      case 'commit':
        return this.#commit()
      case 'release':
        return { ...asked, op: 'release', id: this.#holdId() }
      case 'extend':
        return { ...asked, op: 'extend', id: this.#holdId(), ttlSeconds: c.one([60, 1, 900, 86_400]) }
      case 'use':
        return {
          ...asked,
          op: 'use',
          id: `use_${(this.#minted += 1)}`,
          lines: this.#lines(),
          mode: c.one(['enforce', 'record']),
          reference: c.chance(64) ? 'mail' : null,
        }
      case 'grant':
        return this.#grant()
      case 'refund':
        return this.#refund()
      case 'set-plan':
        return setPlan(c, this.#model)
      case 'sync-subscription':
        return { ...asked, op: 'sync-subscription', ...this.#provider.reading(this.#t()) }
      case 'settle':
        return { ...asked, op: 'settle' }
      case 'create-workspace':
        return this.#create()
      case 'reserve':
      case 'repeat': {
        const id = c.chance(40) ? this.#holdId() : `r${(this.#minted += 1)}`
        const ttlSeconds = c.one([900, 60, 1, 86_400, 40 * 86_400])
        return this.#reserve(id, this.#lines(), ttlSeconds, c.chance(70))
      }
    }
  }

  #create(): Operation {
    const c = this.#choices
    const [plan, volumes] = plans[c.below(plans.length)]!
    const { now } = this.#clock
    const anchor = c.one([null, null, now, now - 400 * day, now + 14 * day])
    return {
      ...asked,
      op: 'create-workspace',
      name: 'Acme',
      plan,
      contacts: c.one(volumes),
      interval: c.one(['month', 'year']),
      anchor,
    }
  }

  #holdId(): string {
    const c = this.#choices
    const { holds } = this.#model
    if (holds.length === 0) return 'r0'
    return holds[Math.max(0, holds.length - 1 - c.one([0, 0, 0, 1, 2, 3]))]!.id
  }

  #lines(): Line[] {
    const c = this.#choices
    const first = c.below(meters.length)
    const count = c.weighted([
      [160, 1],
      [70, 2],
      [26, 3],
    ] as const)
    return Array.from({ length: count }, (_, index) => {
      const meter = meters[(first + index) % meters.length]!
      return { meter, quantity: this.#quantity(meter) }
    })
  }

  #quantity(meter: MeterId): number {
    const c = this.#choices
    const figures = this.#model.found ? this.#model.current.figures.get(meter)! : undefined
    const left = figures ? (this.#model.available(figures) ?? 7) : 1
    return c.weighted([
      [64, 1 + c.below(4)],
      [80, Math.max(1, left)],
      [36, left + 1],
      [24, Math.max(1, left - 2)],
      [40, Math.max(1, Math.floor(left / 2))],
      [6, maxQuantity],
    ])
  }

  /** What has just expired is committed late, now and then after somebody else has taken its room. */
  #late(): Operation | undefined {
    const c = this.#choices
    const model = this.#model
    const hold = model.holds.findLast(
      ({ state, expiresAt }) => state === 'expired' && model.t < expiresAt + 60 * second,
    )
    if (!hold || !c.chance(80)) return undefined
    const { meter } = hold.lines[0]!
    const left = model.available(hold.period.figures.get(meter)!)
    if (hold.period !== model.current || left === null || left === 0 || c.chance(128)) return this.#commit(hold.id)
    return this.#reserve(`r${(this.#minted += 1)}`, [{ meter, quantity: left }], 900)
  }

  /** What time has taken up is soon read from the provider too. */
  #confirmed(): Operation | undefined {
    const { reference, takenUpAt, current, found } = this.#model
    if (!found || reference === null || takenUpAt !== current.start || !this.#choices.chance(48)) return undefined
    return this.#make('sync-subscription')
  }

  #commit(id = this.#holdId()): Operation {
    const c = this.#choices
    const hold = this.#model.holds.find((hold) => hold.id === id)
    const lines: Line[] = []
    for (const line of hold?.lines ?? []) {
      if (c.chance(40)) continue
      const rest = Math.max(0, line.reserved - line.used)
      lines.push({
        meter: line.meter,
        quantity: Math.min(maxQuantity, c.one([rest, Math.floor(rest / 2), 0, 1, rest + 1])),
      })
    }
    if (c.chance(16)) {
      const meter = c.one(meters)
      if (!lines.some((line) => line.meter === meter)) lines.push({ meter, quantity: 1 })
    }
    const final = lines.length === 0 || c.below(5) < 3
    return { ...asked, op: 'commit', id, lines, final }
  }

  #grant(): Operation {
    const c = this.#choices
    const source = { type: c.one(['purchase', 'operator'] as const), id: `g${(this.#minted += 1)}` }
    const quantity = c.one([10, 1, 4])
    const lines = c.one([
      [
        { meter: 'leads', quantity },
        { meter: 'email_sends', quantity: 4 * quantity },
      ],
      [{ meter: c.one(meters), quantity }],
    ])
    return { ...asked, op: 'grant', source, lines, reason: null }
  }

  #refund(): Operation {
    const c = this.#choices
    const { given } = this.#model
    const grant = given[Math.max(0, given.length - 1 - c.below(3))]
    const [type, id] = (grant?.source ?? 'purchase g0').split(' ') as [Refund['source']['type'], string]
    if (!grant) return { ...asked, op: 'refund', source: { type, id }, lines: [{ meter: 'leads', quantity: 1 }] }
    const lines = given
      .filter((other) => other.source === grant.source)
      .map(({ meter, quantity }) => ({ meter, quantity: c.one([quantity, Math.floor(quantity / 2), 1]) }))
    return { ...asked, op: 'refund', source: { type, id }, lines }
  }
}
