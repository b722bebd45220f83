/** One operation after the other: reserve and end in every way, use, grant, check; now and then the same again. */
import type { Caller } from './caller.ts'
import { idFor, type Member } from './cast.ts'
import type { Call } from './history.ts'
import { answerOf, linesFor, of, think, type Line, type World } from './world.ts'

interface Held {
  member: Member
  id: string
  lines: Line[]
  /** What may still be used of each. */
  left: Record<string, number>
  parts: number
  expiresAt: number
}

interface Reservation {
  state: string
  expiresAt: string
  lines: { meter: string; requested: number; reserved: number; used: number }[]
}

export class Single {
  readonly #world: World
  readonly #caller: Caller
  readonly #members: readonly Member[]
  readonly #held: Held[] = []
  #n = 0

  constructor(world: World, name: string) {
    this.#world = world
    this.#caller = world.caller(name)
    this.#members = of('fixed', 'shop', 'moved', 'subscriber')
  }

  async run(): Promise<void> {
    const { chance } = this.#caller
    while (!this.#world.isOver()) {
      await chance.weighted<() => Promise<unknown>>([
        [30, () => this.#reserve()],
        [22, () => this.#end()],
        [6, () => this.#extend()],
        [20, () => this.#use()],
        [2, () => this.#grant()],
        [4, () => this.#check()],
        [3, () => this.#race()],
        [2, () => this.#tooMuch()],
        [2, () => this.#foreign()],
      ])()
      await think(chance, 60)
    }
  }

  #member(): Member {
    // A quarter of everything happens in one workspace, a quarter in two that are full all the time.
    const { chance } = this.#caller
    return this.#members[
      chance.percent(25) ? 0 : chance.percent(33) ? chance.whole(1, 2) : chance.whole(0, this.#members.length - 1)
    ]!
  }

  async #reserve(): Promise<void> {
    const { chance, name } = this.#caller
    const member = this.#member()
    const partial = chance.percent(30)
    // Who takes what is left asks for much.
    const lines = linesFor(chance, member).map(({ meter, quantity }) => ({
      meter,
      quantity: partial ? quantity * 5 : quantity,
    }))
    const id = idFor(member.id, 'r', name, ++this.#n)
    const ttlSeconds = chance.oneOf([1, 30, 60, 300, 900, 86_400, 86_400])
    const body = { id, lines, ttlSeconds, ...(partial && { partial }), reference: `for ${id}` }
    const key = chance.percent(30) ? `k-${id}` : undefined
    const asked = {
      method: 'POST',
      path: `/v1/workspaces/${member.id}/reservations`,
      body,
      ...(key && { key }),
    } as const
    const call = await this.#caller.call(member.id, 'reserve', asked)
    const answer = answerOf<Reservation>(call)
    if (answer === null) return
    if (key && chance.percent(25)) await this.#again(call)
    if (answer.status === 402) return this.#world.states.reach('a refusal at the limit')
    if (answer.status > 201) return
    this.#world.edges.push(Date.parse(answer.body.expiresAt))
    const left = Object.fromEntries(answer.body.lines.map(({ meter, reserved }) => [meter, reserved]))
    this.#held.push({ member, id, lines, left, parts: 0, expiresAt: Date.parse(answer.body.expiresAt) })
    if (chance.percent(12)) {
      const other = { ...asked, body: { ...body, lines: [{ meter: 'leads', quantity: 1_234 }] } }
      const mismatch = await this.#caller.call(member.id, 'mismatch', other, 'once')
      const status = mismatch.answer?.status
      if (status === 422)
        this.#world.states.reach(key ? 'a key sent with another body' : 'a reservation id sent with another body')
    } else if (!key && chance.percent(8)) {
      const again = await this.#caller.call(member.id, 'reserve again', asked)
      if (again.answer?.status === 200) this.#world.states.reach('a reservation asked for again')
    }
  }

  /** A part or the end of something that is held. */
  async #end(): Promise<void> {
    const { chance } = this.#caller
    if (this.#held.length === 0) return
    // What expires this very instant is the most interesting.
    const edge = this.#held.findIndex(({ expiresAt }) => expiresAt === this.#world.now)
    const alive = chance.percent(85) ? this.#held.filter(({ expiresAt }) => expiresAt > this.#world.now) : []
    const one = chance.oneOf(alive.length > 0 ? alive : this.#held)
    const at = edge >= 0 ? edge : this.#held.indexOf(one)
    const held = this.#held[at]!
    const way = chance.weighted<'part' | 'final' | 'release' | 'forget'>([
      [4, 'part'],
      [5, 'final'],
      [3, 'release'],
      [2, 'forget'],
    ])
    if (way === 'part') return this.#part(held)
    this.#held.splice(at, 1)
    if (way === 'forget') return
    const call = await this.#ending(held, way)
    if (call.answer?.status === 409) this.#world.states.reach('an ending after the ending')
    else if (call.answer?.status === 200 && chance.percent(10))
      await this.#ending(held, way === 'final' ? 'release' : 'final')
  }

  async #part(held: Held): Promise<void> {
    const { chance } = this.#caller
    const lines = this.#some(held)
    if (lines.length === 0) return
    held.parts += 1
    const isKeyless = chance.percent(25)
    const key = isKeyless ? undefined : `p-${held.id}-${held.parts}`
    const path = `/v1/workspaces/${held.member.id}/reservations/${held.id}/commit`
    const asked = { method: 'POST', path, body: { lines, final: false }, ...(key && { key }) } as const
    const call = await this.#caller.call(held.member.id, 'part', asked, isKeyless ? 'once' : 'until known')
    const isTaken = call.answer?.status === 200
    if (isTaken && isKeyless) this.#world.states.reach('a part committed without a key')
    else if (isTaken && chance.percent(20)) await this.#again(call)
    if (!isTaken || answerOf<Reservation>(call)!.body.state !== 'held') {
      // Whatever is known of it now, nobody builds on it: a part that came late has ended it, and the same again is its repeat.
      this.#held.splice(this.#held.indexOf(held), 1)
      return
    }
    for (const { meter, quantity } of lines) held.left[meter]! -= quantity
  }

  #ending(held: Held, way: 'final' | 'release'): Promise<Call> {
    const { chance } = this.#caller
    const path = `/v1/workspaces/${held.member.id}/reservations/${held.id}/${way === 'final' ? 'commit' : 'release'}`
    const body = way === 'final' ? { lines: chance.percent(80) ? this.#some(held) : [] } : {}
    const key = chance.percent(30) ? `e-${held.id}-${way}` : undefined
    return this.#caller.call(held.member.id, way, { method: 'POST', path, body, ...(key && { key }) })
  }

  #some(held: Held): Line[] {
    const { chance } = this.#caller
    return held.lines.flatMap(({ meter }) => {
      const left = held.left[meter] ?? 0
      return left > 0 && chance.percent(80)
        ? [{ meter, quantity: chance.percent(25) ? left : chance.whole(1, left) }]
        : []
    })
  }

  async #race(): Promise<void> {
    const held = this.#held.shift()
    if (!held) return
    await Promise.all([this.#ending(held, 'final'), this.#ending(held, 'release')])
    this.#world.states.reach('commit and release at the same moment')
  }

  async #extend(): Promise<void> {
    const { chance } = this.#caller
    if (this.#held.length === 0) return
    const { member, id } = chance.oneOf(this.#held)
    const body = { ttlSeconds: chance.oneOf([60, 900, 3_600]) }
    const asked = { method: 'POST', path: `/v1/workspaces/${member.id}/reservations/${id}/extend`, body } as const
    const call = await this.#caller.call(member.id, 'extend', asked)
    if (call.answer?.status !== 200) return
    this.#world.states.reach('a reservation extended')
    this.#world.edges.push(Date.parse(answerOf<Reservation>(call)!.body.expiresAt))
  }

  async #use(): Promise<void> {
    const { chance, name } = this.#caller
    const member = this.#member()
    const mode = chance.percent(80) ? 'enforce' : 'record'
    const reference = idFor(member.id, mode === 'enforce' ? 'e' : 'o', name, ++this.#n)
    const isKeyless = chance.percent(30)
    const body = { lines: linesFor(chance, member), mode, reference }
    const key = isKeyless ? {} : { key: `u-${reference}` }
    const asked = { method: 'POST', path: `/v1/workspaces/${member.id}/use`, body, ...key } as const
    const call = await this.#caller.call(member.id, 'use', asked, isKeyless ? 'once' : 'until known')
    if (call.answer?.status === 402) this.#world.states.reach('a refusal at the limit')
    if (!isKeyless && call.answer && chance.percent(20)) await this.#again(call)
  }

  async #grant(): Promise<void> {
    const { chance, name } = this.#caller
    const member = this.#member()
    const reason = idFor(member.id, 'g', name, ++this.#n)
    const isKeyless = chance.percent(30)
    const body = { meter: chance.oneOf(['leads', 'email_sends'] as const), quantity: chance.whole(1, 50), reason }
    const key = isKeyless ? {} : { key: `g-${reason}` }
    const asked = { method: 'POST', path: `/v1/workspaces/${member.id}/grants`, body, ...key } as const
    const call = await this.#caller.call(member.id, 'grant', asked, isKeyless ? 'once' : 'until known')
    if (!isKeyless && call.answer && chance.percent(30)) await this.#again(call)
  }

  /** More than is held of it. */
  async #tooMuch(): Promise<void> {
    const { chance } = this.#caller
    if (this.#held.length === 0) return
    const { member, id, lines, left } = chance.oneOf(this.#held)
    const { meter } = lines[0]!
    const body = { lines: [{ meter, quantity: (left[meter] ?? 0) + chance.whole(1, 3) }], final: chance.percent(50) }
    const path = `/v1/workspaces/${member.id}/reservations/${id}/commit`
    await this.#caller.call(member.id, 'too much', { method: 'POST', path, body }, 'once')
  }

  /** Somebody else's reservation, by its right name. */
  async #foreign(): Promise<void> {
    const { chance } = this.#caller
    if (this.#held.length === 0) return
    const { member, id } = chance.oneOf(this.#held)
    const other = chance.oneOf(this.#members.filter(({ id }) => id !== member.id))
    const base = `/v1/workspaces/${other.id}/reservations/${id}`
    const asked = chance.percent(50)
      ? ({ method: 'GET', path: base } as const)
      : ({ method: 'POST', path: `${base}/release`, body: {} } as const)
    await this.#caller.call(other.id, 'foreign', asked, 'once')
  }

  #check(): Promise<Call> {
    const member = this.#member()
    const body = { lines: linesFor(this.#caller.chance, member) }
    return this.#caller.call(
      member.id,
      'check',
      { method: 'POST', path: `/v1/workspaces/${member.id}/check`, body },
      'once',
    )
  }

  async #again(call: Call): Promise<void> {
    if (await this.#caller.repeat(call)) this.#world.states.reach('an answer repeated byte for byte')
  }
}
