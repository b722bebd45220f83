/**
 * Points at which a server kills itself as if the power went: before and after each kind of statement, each commit, each call of Stripe
 * and each answer. The product knows nothing of them: its seams to the world are wrapped before it starts.
 */
import { ServerResponse } from 'node:http'
import pg from 'pg'
import type { Chance } from './chance.ts'

/** Statements of a lane, by the names they are prepared under or their text. */
const laneStatements = ['begin', 'lock', 'books', 'answers', 'hot', 'rare', 'commit']

/** Statements beside the lanes, by how they begin. */
const otherStatements: Record<string, RegExp> = {
  'store purchase': /^\s*insert into purchases/,
  'open purchase': /^\s*update purchases set session/,
  'apply reading': /^\s*update purchases set applied/,
  'store event': /^\s*insert into inbox/,
  'end event': /^\s*update inbox set state = 1/,
}

const stripeCalls: Record<string, RegExp> = {
  'open session': /^POST \S+\/v1\/checkout\/sessions$/,
  'read session': /^GET \S+\/v1\/checkout\/sessions\/[^/?]+(?:\?|$)/,
}

const answered: Record<string, RegExp> = {
  operation: /^POST \/v1\/workspaces\/[^/]+\/(?:reservations|use|grants)/,
  batch: /^POST \/v1\/batch/,
  checkout: /^POST \/v1\/workspaces\/[^/]+\/checkout/,
  webhook: /^POST \/stripe\/webhook/,
}

const bothSides = (kind: string, names: string[]) =>
  names.flatMap((name) => [`before ${kind} ${name}`, `after ${kind} ${name}`])

/** All of them; "sent" is when it has left for the database and nothing is heard yet. */
export const crashPoints: readonly string[] = [
  ...bothSides('lane', laneStatements),
  'sent lane hot',
  'sent lane commit',
  ...bothSides('statement', Object.keys(otherStatements)),
  ...bothSides('stripe', Object.keys(stripeCalls)),
  ...bothSides('answer', Object.keys(answered)),
]

/** At which passing of a point to die: what is passed all the time is not always to be the first thing after a start. */
export const passingOf = (point: string, chance: Chance): number =>
  chance.whole(1, / lane | operation/.test(point) ? 15 : 2)

/** Kills this process when the point is passed for the n-th time; does nothing without a point. */
export function armCrashPoint(point: string | undefined, at: number): void {
  if (point === undefined || point === '') return
  if (!crashPoints.includes(point)) throw new Error(`There is no crash point "${point}"`)
  let left = at
  const pass = (name: string): void => {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL')
  }
  wrapDatabase(pass)
  wrapStripe(pass)
  wrapAnswers(pass)
}

type Pass = (name: string) => void
type AnyQuery = (this: pg.Client, ...asked: unknown[]) => unknown

function wrapDatabase(pass: Pass): void {
  const prototype = pg.Client.prototype as unknown as { query: AnyQuery }
  const query = prototype.query
  prototype.query = function (...asked) {
    const name = statementName(this, asked[0])
    if (name === null) return query.apply(this, asked)
    pass(`before ${name}`)
    const callback = asked.at(-1)
    if (typeof callback === 'function') {
      asked[asked.length - 1] = (...told: unknown[]) => {
        pass(`after ${name}`)
        ;(callback as (...told: unknown[]) => void)(...told)
      }
      return query.apply(this, asked)
    }
    const answer = query.apply(this, asked) as Promise<unknown>
    setImmediate(() => pass(`sent ${name}`))
    return answer.then((told) => {
      pass(`after ${name}`)
      return told
    })
  }
}

function statementName(client: pg.Client, asked: unknown): string | null {
  const { name, text = '' } = typeof asked === 'string' ? { text: asked } : (asked as { name?: string; text?: string })
  const { connectionParameters } = client as unknown as { connectionParameters?: { application_name?: string } }
  if (connectionParameters?.application_name === 'headroom lane') {
    const called = name ?? text.split(' ')[0]!
    return laneStatements.includes(called) ? `lane ${called}` : null
  }
  const known = Object.keys(otherStatements).find((one) => otherStatements[one]!.test(text))
  return known === undefined ? null : `statement ${known}`
}

function wrapStripe(pass: Pass): void {
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const asked = `${init?.method ?? 'GET'} ${url.pathname}${url.search}`
    const call = Object.keys(stripeCalls).find((one) => stripeCalls[one]!.test(asked))
    if (call !== undefined) pass(`before stripe ${call}`)
    const answer = await send(input, init)
    if (call !== undefined) pass(`after stripe ${call}`)
    return answer
  }
}

function wrapAnswers(pass: Pass): void {
  const prototype = ServerResponse.prototype as unknown as {
    end: (this: ServerResponse, ...told: unknown[]) => ServerResponse
  }
  const end = prototype.end
  prototype.end = function (...told) {
    const asked = `${this.req.method} ${this.req.url}`
    const answer = Object.keys(answered).find((one) => answered[one]!.test(asked))
    if (answer !== undefined) {
      pass(`before answer ${answer}`)
      this.once('finish', () => pass(`after answer ${answer}`))
    }
    return end.apply(this, told)
  }
}
