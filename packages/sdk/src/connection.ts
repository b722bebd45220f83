/**
 * One way to the server: who asks, one attempt, and when another one is due. A body is written to text once, before the first
 * attempt, so every attempt sends the same bytes under the same key; nothing that cannot be sent twice gets this far.
 */
import { outcomeOf, type Outcome } from './answer.ts'
import { backoffMs, longestWaitMs, pause } from './backoff.ts'
import { ConnectionFailed, HeadroomError, InProgress, noAnswer, RateLimited, TimedOut, Unavailable } from './errors.ts'
import type { CallOptions, ViewerOf } from './requests.ts'

/** Gives a browser token, fetched from your own backend. Asked at the first request and again when a token has ended. */
export type GetToken = () => string | Promise<string>

interface CommonOptions {
  /** Where Headroom answers, such as https://headroom.example; in a page on the same origin it may be empty. */
  baseUrl: string
  /** For each attempt. Default 10,000. */
  timeoutMs?: number
  /** Further attempts after the first. Default 5: about six seconds at the most. */
  maxRetries?: number
  /** Instead of the built-in fetch. */
  fetch?: typeof fetch
  /** For whom a backend asks; only with an apiKey. */
  viewer?: ViewerOf
}

export type HeadroomOptions = CommonOptions &
  ({ apiKey: string; getToken?: never } | { getToken: GetToken; apiKey?: never })

export interface Question extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: unknown
}

export class Connection {
  readonly #options: HeadroomOptions
  readonly #baseUrl: string
  readonly #fetch: typeof fetch
  #token: Promise<string> | null = null

  constructor(options: HeadroomOptions) {
    if ((options.apiKey === undefined) === (options.getToken === undefined)) {
      throw new TypeError('Headroom needs either an apiKey or getToken.')
    }
    if (options.viewer && options.apiKey === undefined) {
      throw new TypeError('A browser token already says for whom it asks: viewer goes with an apiKey only.')
    }
    if (options.apiKey !== undefined) checkHeaderText('An apiKey', options.apiKey, 255)
    if (options.viewer?.viewerId !== undefined) checkHeaderText('A viewerId', options.viewer.viewerId, 255)
    this.#options = options
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '')
    // Called as a plain function: browsers refuse a fetch that was taken off its window.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  }

  /** Resolves with the body of a 2xx answer. Asks again, with the same bytes and key, where that can help. */
  async ask<Answer>(question: Question): Promise<Answer> {
    if (question.idempotencyKey !== undefined) checkHeaderText('An idempotencyKey', question.idempotencyKey, 255)
    const { maxRetries = this.#options.maxRetries ?? 5 } = question
    const body = question.body === undefined ? null : JSON.stringify(question.body)
    let retries = 0
    let renewed = false
    for (;;) {
      const outcome = await this.#attempt(question, body)
      if (outcome.ok) return outcome.body as Answer
      if (outcome.error.status === 401 && this.#options.getToken && !renewed) {
        renewed = true
        continue
      }
      const wait = Math.max((outcome.retryAfterSeconds ?? 0) * 1000, backoffMs(retries, Math.random()))
      if (retries >= maxRetries || !mayHelpToAskAgain(outcome.error) || wait > longestWaitMs) throw outcome.error
      retries += 1
      await pause(wait, question.signal)
    }
  }

  /** Opens an answer that is read as it comes. One attempt; a 401 with getToken is tried once more with a new token. */
  async stream(path: string, signal: AbortSignal): Promise<Response> {
    for (let renewed = false; ; renewed = true) {
      const token = this.#bearer()
      const headers = this.#headers(await this.#given(token, signal), 'text/event-stream')
      const response = await this.#fetch(this.#baseUrl + path, { headers, signal, cache: 'no-store' })
      if (response.ok) return response
      if (response.status === 401) this.#forget(token)
      const outcome = await outcomeOf(response)
      if (!outcome.ok && (response.status !== 401 || !this.#options.getToken || renewed)) throw outcome.error
    }
  }

  async #attempt(question: Question, body: string | null): Promise<Outcome> {
    const timeoutMs = question.timeoutMs ?? this.#options.timeoutMs ?? 10_000
    const control = new AbortController()
    const stop = () => control.abort(question.signal?.reason)
    const timer = setTimeout(() => control.abort(noAnswer('timed_out', `No answer within ${timeoutMs} ms.`)), timeoutMs)
    question.signal?.addEventListener('abort', stop, { once: true })
    try {
      question.signal?.throwIfAborted()
      const token = this.#bearer()
      const headers = this.#headers(await this.#given(token, control.signal), 'application/json')
      if (body !== null) headers['content-type'] = 'application/json'
      if (question.idempotencyKey !== undefined) headers['idempotency-key'] = question.idempotencyKey
      const init = { method: question.method, headers, body, signal: control.signal, cache: 'no-store' } as const
      const outcome = await outcomeOf(await this.#fetch(this.#baseUrl + question.path, init))
      if (!outcome.ok && outcome.error.status === 401) this.#forget(token)
      return outcome
    } catch (failure) {
      question.signal?.throwIfAborted()
      const lost: unknown = control.signal.aborted ? control.signal.reason : failure
      const error = lost instanceof HeadroomError ? lost : noAnswer('connection_failed', 'No whole answer came.', lost)
      return { ok: false, error, retryAfterSeconds: null }
    } finally {
      clearTimeout(timer)
      question.signal?.removeEventListener('abort', stop)
    }
  }

  #headers(token: string, accept: string): Record<string, string> {
    const headers: Record<string, string> = { accept, authorization: `Bearer ${token}` }
    const { viewer } = this.#options
    if (viewer) headers['headroom-viewer'] = viewer.viewerId ? `${viewer.role};${viewer.viewerId}` : viewer.role
    return headers
  }

  /** Requests that start together share one call of getToken; one that failed is not kept. */
  #bearer(): Promise<string> {
    const { apiKey, getToken } = this.#options
    if (getToken === undefined) return Promise.resolve(apiKey)
    if (this.#token === null) {
      const asked: Promise<string> = Promise.resolve()
        .then(getToken)
        .catch((cause: unknown) => {
          this.#forget(asked)
          throw cause instanceof HeadroomError ? cause : noAnswer('connection_failed', 'getToken gave no token.', cause)
        })
      this.#token = asked
    }
    return this.#token
  }

  /** A token that does not come in time is not waited for again: the next attempt asks anew. */
  #given(token: Promise<string>, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#forget(token)
        reject(signal.reason as Error)
      }
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop, { once: true })
      void token.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    })
  }

  /** Only if it is still the one in use: another request may have renewed it meanwhile. */
  #forget(token: Promise<string>): void {
    if (this.#token === token) this.#token = null
  }
}

function mayHelpToAskAgain(error: HeadroomError): boolean {
  return (
    error instanceof ConnectionFailed ||
    error instanceof TimedOut ||
    error instanceof RateLimited ||
    error instanceof Unavailable ||
    error instanceof InProgress
  )
}

/** A header carries no more than this; fetch would fail on anything else as if the network were down. */
function checkHeaderText(what: string, text: string, longest: number): void {
  if (!/^[\x21-\x7e]+$/.test(text) || text.length > longest) {
    throw new TypeError(`${what} is 1-${longest} visible ASCII characters.`)
  }
}
