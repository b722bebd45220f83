/** Just enough of the reservation routes to see what withReservation asks: one reservation, its parts and its end. */
import type { ReservationState, ReservationWire } from '@headroom/core'
import { cut, json, problem, scriptedServer, type Answer, type Asked, type ScriptedServer } from './scripted-server.ts'

type Verb = 'reserve' | 'commit' | 'release' | 'extend'

export interface BooksServer extends ScriptedServer {
  /** The verbs that had an effect, in order, commits with their lines; extends are left out. */
  done: string[]
  extended: number
  state: ReservationState
  used: number
  /** Answers a verb instead of the books, until it gives undefined. */
  fault?: (verb: Verb, asked: Asked) => Answer | undefined
  /** The verb takes effect and its answer is lost on the way. */
  losesAnswer?: (verb: Verb) => boolean
}

interface Body {
  id?: string
  lines?: { meter: string; quantity: number }[]
  final?: boolean
}

export async function booksServer(): Promise<BooksServer> {
  const keys = new Set<string>()
  const books: Omit<BooksServer, keyof ScriptedServer> = { done: [], extended: 0, state: 'held', used: 0 }
  const server: BooksServer = Object.assign(
    await scriptedServer((response, asked) => {
      const body = (asked.text === '' ? {} : JSON.parse(asked.text)) as Body
      const verb = (/\/(commit|release|extend)$/.exec(asked.url)?.[1] ?? 'reserve') as Verb
      const fault = server.fault?.(verb, asked)
      if (fault) return fault(response, asked)
      if (verb === 'reserve') return json(server.state === 'held' ? 201 : 200, reservation(body.id!))(response, asked)
      if (server.state !== 'held') return problem(409, 'reservation_closed', { state: server.state })(response, asked)
      act(verb, body, asked.headers['idempotency-key'] as string | undefined)
      if (server.losesAnswer?.(verb)) return cut(response, asked)
      return json(200, reservation('rsv_1'))(response, asked)
    }),
    books,
  )

  function act(verb: Verb, { lines = [], final = true }: Body, key: string | undefined): void {
    if (key !== undefined && keys.has(key)) return
    if (key !== undefined) keys.add(key)
    if (verb === 'extend') return void (server.extended += 1)
    const quantities = lines.map(({ meter, quantity }) => `${quantity} ${meter}`).join(', ')
    server.used += lines.reduce((sum, { quantity }) => sum + quantity, 0)
    if (verb === 'release') server.state = 'released'
    if (verb === 'commit' && final) server.state = 'committed'
    server.done.push(verb === 'release' ? 'release' : `${final ? 'commit' : 'part'} ${quantities}`.trim())
  }

  const reservation = (id: string): ReservationWire => ({
    id,
    workspace: 'ws_1',
    state: server.state,
    period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' },
    createdAt: '2026-11-23T18:00:00Z',
    expiresAt: '2026-11-23T18:15:00Z',
    closedAt: null,
    reference: null,
    metadata: null,
    late: false,
    lines: [{ meter: 'leads', requested: 1000, reserved: 1000, used: server.used, returned: 0 }],
  })
  return server
}
