/** The clock of a server that runs with HEADROOM_TEST_CLOCK=1: from the first call on it stands still until the next. */
import type { Connection } from './connection.ts'
import type { CallOptions } from './requests.ts'

export class TestClock {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Puts the clock at an instant; it never goes back. */
  set(now: string, options?: CallOptions): Promise<{ now: string }> {
    return this.#ask({ now }, options)
  }

  /** Moves the clock on by an ISO 8601 duration such as P1M or PT15M. */
  advance(duration: string, options?: CallOptions): Promise<{ now: string }> {
    return this.#ask({ advance: duration }, options)
  }

  #ask(body: object, options?: CallOptions): Promise<{ now: string }> {
    const key = { idempotencyKey: crypto.randomUUID() }
    return this.#connection.ask({ ...key, ...options, method: 'POST', path: '/v1/test/clock', body })
  }
}
