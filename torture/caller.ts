/** A client as a careful one is written: it asks again under the same key or id until it knows, at whichever server. */
import { Agent, request as send } from 'node:http'
import type { Chance } from './chance.ts'
import type { Answer, Asked, Call, History } from './history.ts'

export interface CallerOptions {
  history: History
  /** Ports of the servers, as clients reach them. */
  ports: readonly number[]
  apiKey: string
  chance: Chance
  name: string
  /** Nobody asks again after this. */
  deadline: () => number
}

const answerWithinMs = 4_000

/** Whether to ask again until it is known, or to leave it at the first try. */
export type Patience = 'until known' | 'once'

export class Caller {
  readonly name: string
  readonly chance: Chance
  readonly #options: CallerOptions
  readonly #agents: Agent[]

  constructor(options: CallerOptions) {
    this.#options = options
    this.name = options.name
    this.chance = options.chance
    this.#agents = options.ports.map(() => new Agent({ keepAlive: true, maxSockets: 64 }))
  }

  /** Asks, and writes down what became of it. Never rejects. */
  async call(workspace: string | null, kind: string, asked: Asked, patience: Patience = 'until known'): Promise<Call> {
    const { history, deadline } = this.#options
    const call = history.begin(this.name, workspace, kind, asked)
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 400)) {
      call.sends += 1
      const answer = await this.#send(asked, call)
      if (answer && !isToBeAskedAgain(answer)) {
        call.answer = answer
        call.answeredAt = history.tick()
        return call
      }
      call.isNothing = call.sends === 1 && answer !== null && saysNothingHappened(answer)
      if (patience === 'once') return call
      call.isGivenUp = Date.now() > deadline()
      if (call.isGivenUp) return call
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  /** The same again, of what was answered already: the answer is to be the same. */
  async repeat(call: Call): Promise<Answer | null> {
    const answer = await this.#send(call.asked)
    if (answer === null || isToBeAskedAgain(answer)) return null
    // One that says something else is kept above one that does not.
    if (answer.text !== call.answer?.text || call.repeat === null) call.repeat = answer
    return answer
  }

  /** Nobody asks again any more. */
  get isTooLate(): boolean {
    return Date.now() > this.#options.deadline()
  }

  /** A control call of the simulated Stripe: it is asked until somebody answers. Undefined: nobody did. */
  async stripe<Body>(path: string, body: object): Promise<Body | undefined> {
    for (let tries = 0; tries < 30; tries++) {
      const asked = { method: 'POST', path: `/stripe-simulator/_sim/${path}`, body } as const
      const answer = await this.#send(asked)
      if (answer !== null && answer.status < 500) return JSON.parse(answer.text) as Body
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return undefined
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }

  /** Null: no answer arrived, or not all of it. */
  #send({ method, path, body, key }: Asked, call?: Call): Promise<Answer | null> {
    const { ports, apiKey, chance } = this.#options
    const at = chance.whole(0, ports.length - 1)
    if (call) call.server = at
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` }
    if (key !== undefined) headers['idempotency-key'] = key
    if (text !== undefined) {
      headers['content-type'] = 'application/json'
      headers['content-length'] = String(Buffer.byteLength(text))
    }
    return new Promise((resolve) => {
      const give = (answer: Answer | null) => {
        clearTimeout(late)
        resolve(answer)
      }
      const asking = send(
        { host: '127.0.0.1', port: ports[at]!, method, path, headers, agent: this.#agents[at] },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', () => give(null))
          incoming.on('close', () => {
            if (!incoming.complete) return give(null)
            const { statusCode: status = 0, headers } = incoming
            give({
              status,
              text: Buffer.concat(chunks).toString(),
              replayed: headers['idempotent-replayed'] === 'true',
            })
          })
        },
      )
      const late = setTimeout(() => asking.destroy(new Error('too late')), answerWithinMs)
      asking.on('error', () => give(null))
      asking.end(text)
    })
  }
}

/** Away, too busy, or still at it. */
function isToBeAskedAgain({ status, text }: Answer): boolean {
  if (status === 503 || status === 429) return true
  return status === 409 && text.includes('"in_progress"')
}

const saysNothingHappened = ({ status, text }: Answer): boolean => status === 503 && text.includes('Nothing happened')
