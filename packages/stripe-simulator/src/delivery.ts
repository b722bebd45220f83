/** Events on their way to the webhook endpoint, signed as Stripe signs them. */
import { createHmac } from 'node:crypto'
import type { Store } from './store.ts'

export interface Endpoint {
  url: string
  secret: string
}

interface Sent {
  id: string
  state: 'delivered' | 'failed' | 'waiting'
  answer: string
  /** Until it is tried again, if it is. */
  waitMs: number
}

interface Due {
  id: string
  attempts: number
  body: string
}

const answerWithinMs = 5_000
/** A claim outlives its request: what a killed process has claimed is sent again by another. */
const claimMs = 15_000
const batch = 20
const mostAttempts = 16

/**
 * Sends what is due, each at least once, until it is answered with 2xx or has been tried 16 times (after 1, 2, 4 … s).
 * Due is what its real instant or its instant by the clock says, whichever comes first. Several processes may do it at once.
 */
export class Delivery {
  readonly #store: Store
  readonly #endpoint: Endpoint
  readonly #clock: () => Promise<number>
  readonly #stopping: AbortSignal
  /** After the last round some were left, to be sent when they are due. */
  hasWaiting = true

  constructor(store: Store, endpoint: Endpoint, clock: () => Promise<number>, stopping: AbortSignal) {
    this.#store = store
    this.#endpoint = endpoint
    this.#clock = clock
    this.#stopping = stopping
  }

  /** Sends everything that is due now, and what becomes due meanwhile; a failed delivery waits for its next turn. */
  async sendDue(): Promise<void> {
    for (;;) {
      const due = this.#stopping.aborted ? [] : await this.#claim()
      if (due.length === 0) break
      const sent = await Promise.all(
        due.map(async (delivery) => this.#outcome(delivery, await this.#post(delivery.body))),
      )
      await this.#record(sent)
    }
    if (!this.#stopping.aborted) this.hasWaiting = await this.#isAnyWaiting()
  }

  async #isAnyWaiting(): Promise<boolean> {
    const { rows } = await this.#store.pool.query<{ waiting: boolean }>(
      `select exists (select from stripe_simulator.deliveries where state = 'waiting') as waiting`,
    )
    return rows[0]!.waiting
  }

  async #claim(): Promise<Due[]> {
    const { rows } = await this.#store.pool.query<Due>(
      `with due as (
         select   id
         from     stripe_simulator.deliveries
         where    state = 'waiting'
         and      claimed_until < $1
         and      (due_at <= $1 or due_by_clock <= $2)
         and      not coalesce((select (settings -> 'webhooks' ->> 'paused')::boolean from stripe_simulator.gate), false)
         order by due_at, id
         limit    ${batch}
         for update skip locked
       ), claimed as (
         update    stripe_simulator.deliveries as delivery
         set       claimed_until = $1 + ${claimMs}, attempts = attempts + 1
         from      due
         where     delivery.id = due.id
         returning delivery.id, delivery.attempts, delivery.event, delivery.due_at
       )
       select   claimed.id, claimed.attempts, event.body::text as body
       from     claimed
       join     stripe_simulator.objects as event on event.kind = 'event' and event.id = claimed.event
       order by claimed.due_at, claimed.id`,
      [Date.now(), await this.#clock()],
    )
    return rows
  }

  #outcome({ id, attempts }: Due, answer: string): Sent {
    const state = /^2\d\d$/.test(answer) ? 'delivered' : attempts >= mostAttempts ? 'failed' : 'waiting'
    return { id, state, answer, waitMs: 1000 * 2 ** (attempts - 1) }
  }

  async #record(sent: Sent[]): Promise<void> {
    await this.#store.pool.query(
      `update stripe_simulator.deliveries as delivery
       set     state = sent.state, last_answer = sent.answer, claimed_until = 0,
               due_at = $2 + sent."waitMs", due_by_clock = $3 + sent."waitMs"
       from    json_to_recordset($1) as sent (id bigint, state text, answer text, "waitMs" bigint)
       where   delivery.id = sent.id
       and     delivery.state = 'waiting'`,
      [JSON.stringify(sent), Date.now(), await this.#clock()],
    )
  }

  /** The status of the answer, or why there is none. */
  async #post(body: string): Promise<string> {
    try {
      const response = await fetch(this.#endpoint.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Stripe-Signature': signatureOf(body, this.#endpoint.secret),
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopping, AbortSignal.timeout(answerWithinMs)]),
      })
      await response.body?.cancel()
      return String(response.status)
    } catch (fault) {
      return fault instanceof Error ? fault.message : String(fault)
    }
  }
}

/** Stripe's scheme: the real time in seconds, and an HMAC of it and the body. The clock of the books plays no part. */
function signatureOf(body: string, secret: string): string {
  const at = Math.floor(Date.now() / 1000)
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
  return `t=${at},v1=${v1}`
}
