/** What the clients of one run share. */
import type { Caller } from './caller.ts'
import { cast, type Member, type Meter } from './cast.ts'
import type { Chance } from './chance.ts'
import type { Call } from './history.ts'
import type { States } from './states.ts'

export interface Line {
  meter: Meter
  quantity: number
}

export interface World {
  states: States
  /** No new work begins after this. */
  isOver(): boolean
  /** A caller of its own for each client, and chance of its own. */
  caller(name: string): Caller
  /** Where the clock was last seen to stand. */
  now: number
  /** Ends of what is running, for clocks that like to stand exactly there. */
  edges: number[]
  /** When the running period of each workspace ends, as it was last seen. */
  periodEnds: Map<string, number>
}

/** Between two things a client does. */
export const think = (chance: Chance, mostMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, chance.share() * mostMs))

export const answerOf = <Body>(call: Call): { status: number; body: Body } | null =>
  call.answer && { status: call.answer.status, body: JSON.parse(call.answer.text || 'null') as Body }

export const of = (...roles: Member['role'][]): Member[] => cast.filter(({ role }) => roles.includes(role))

/** Sizes at which a workspace of this plan is full now and then, and not always. */
const sizes: Record<string, Record<Meter, number>> = {
  free: { leads: 8, email_sends: 30, ai_campaigns: 1 },
  starter: { leads: 120, email_sends: 400, ai_campaigns: 1 },
  growth: { leads: 300, email_sends: 900, ai_campaigns: 3 },
  dfy: { leads: 700, email_sends: 5_000, ai_campaigns: 5 },
}

export const sizeOf = ({ plan }: Member, meter: Meter): number => sizes[plan]![meter]

export function linesFor(chance: Chance, member: Member): Line[] {
  const meters = chance.weighted<Meter[]>([
    [6, ['leads']],
    [4, ['email_sends']],
    [1, ['ai_campaigns']],
    [3, ['leads', 'email_sends']],
    [2, ['email_sends', 'leads']],
  ])
  return meters.map((meter) => ({ meter, quantity: chance.whole(1, sizeOf(member, meter)) }))
}
