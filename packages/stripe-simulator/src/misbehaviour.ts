import { faultResponse } from './api.ts'
import { StripeFault } from './fault.ts'
import type { Store } from './store.ts'

const lookAgainMs = 50

/** The faults that control calls have set, for requests of the API alone. */
export class Misbehaviour {
  readonly #store: Store
  readonly #stopping: AbortSignal

  constructor(store: Store, stopping: AbortSignal) {
    this.#store = store
    this.#stopping = stopping
  }

  /** What is answered instead of the truth; undefined: the truth. A hanging request waits here. */
  async instead(request: Request): Promise<Response | undefined> {
    const { faults } = await this.#store.settings()
    await this.#pause(faults.latencyMs, request.signal)
    if (faults.hang && (await this.#hang(request.signal)) === 'gone') return brokenConnection()
    if (faults.reset) return brokenConnection()
    if (faults.malformed) return webPage()
    if (faults.status !== null) return faultResponse(faultOf(faults.status), 'req_fault')
    return undefined
  }

  /** Until the fault is cleared, the caller has gone, or the simulator stops. */
  async #hang(caller: AbortSignal): Promise<'cleared' | 'gone'> {
    for (;;) {
      if (caller.aborted || this.#stopping.aborted) return 'gone'
      if (!(await this.#store.settings()).faults.hang) return 'cleared'
      await this.#pause(lookAgainMs, caller)
    }
  }

  async #pause(ms: number, caller: AbortSignal): Promise<void> {
    if (ms <= 0) return
    const ended = AbortSignal.any([caller, this.#stopping])
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms)
      ended.addEventListener('abort', done, { once: true })
      function done(): void {
        clearTimeout(timer)
        ended.removeEventListener('abort', done)
        resolve()
      }
    })
  }
}

/** The headers leave, then the connection breaks: nearer to a reset a Response cannot come. */
function brokenConnection(): Response {
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new Error('The Stripe simulator breaks this connection (faults: reset or hang).'))
    },
  })
  return new Response(body, { status: 200, headers: { 'Content-Type': 'application/json', 'Content-Length': '1000' } })
}

const webPage = (): Response =>
  new Response('<!doctype html><title>Maintenance</title><h1>We will be back shortly</h1>', {
    headers: { 'Content-Type': 'text/html' },
  })

function faultOf(status: number): StripeFault {
  if (status === 429) {
    return new StripeFault(429, {
      type: 'rate_limit_error',
      code: 'rate_limit',
      message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
    })
  }
  return new StripeFault(status, {
    type: status >= 500 ? 'api_error' : 'invalid_request_error',
    message: `The simulator answers ${status} to everything (faults: status).`,
  })
}
