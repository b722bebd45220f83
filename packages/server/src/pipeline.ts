/**
 * The path of one request, in the order the interface promises: who asks (401, 429), may they see the workspace (404), may they do that
 * (403), is it well-formed (400, 413, 415, 422), then the verb. Nothing is looked at before its turn.
 */
import type { Context, Handler } from 'hono'

import type { EngineInterface, Principal } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import { mustHave, mustSee, tooMany, viewerOf, type Auth } from './auth.ts'
import { bodyLimit, readJson } from './body.ts'
import { replyToFault } from './faults.ts'
import { idPattern } from './fields.ts'
import { dataHeaders } from './headers.ts'
import { idempotencyKeyOf } from './idempotency.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { notFound, refusedReply, type Reply } from './problem.ts'
import { readQuery } from './query.ts'
import type { RateLimit, WindowLimit } from './rate-limit.ts'
import type { Call, Route } from './route.ts'
import type { UsageStreams } from './usage-streams.ts'
import { mint } from '@headroom/engine'
import { validated } from './validate.ts'

/** What every route is served with. */
export interface Room {
  engine: EngineInterface
  /** Null where nothing is sold. */
  money: Money | null
  auth: Auth
  log: Log
  metrics: Metrics
  /** Null: keys are not limited. */
  keyLimit: RateLimit | null
  tokenLimit: RateLimit
  /** New checkouts of one viewer. */
  checkoutLimit: WindowLimit
  stopping: AbortSignal
  notYet: () => string | null
  streams: UsageStreams
  /** Awaited after the test clock was set. */
  onClock: () => Promise<void>
}

const requestIdPattern = /^[A-Za-z0-9_-]{1,64}$/

/** The client's own request id where it is harmless, else one of ours. */
function requestIdOf(request: Request): string {
  const sent = request.headers.get('x-request-id')
  return sent !== null && requestIdPattern.test(sent) ? sent : mint('req')
}

const addressOf = (c: Context): string => {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  return incoming?.socket?.remoteAddress ?? 'unknown'
}

/** Serves anything: what `answer` throws becomes a problem document; every answer is measured and logged. */
export function serve(
  room: Room,
  name: string,
  answer: (c: Context, requestId: string, known: (principal: Principal) => void) => Promise<Reply | Response>,
): Handler {
  return async (c) => {
    const started = performance.now()
    const requestId = requestIdOf(c.req.raw)
    let caller = ''
    let reply: Reply | Response
    try {
      reply = await answer(c, requestId, (principal) => (caller = principal.id))
    } catch (fault) {
      reply = replyToFault(fault, requestId, room.log)
    }
    const response = reply instanceof Response ? reply : responseOf(reply, requestId, room.stopping.aborted)
    const ms = performance.now() - started
    room.metrics.answered(name, response.status, ms)
    const { method, path } = c.req
    room.log.info(
      { requestId, method, path, route: name, status: response.status, ms: Math.round(ms * 10) / 10, caller },
      'answered',
    )
    return response
  }
}

/** One route of the interface. */
export function serveRoute(room: Room, route: Route): Handler {
  return serve(room, route.name, async (c, requestId, known) => {
    const principal = await enter(room, c)
    known(principal)
    const { workspace = '', id = '', meter = '' } = c.req.param() as Record<string, string>
    if ((workspace && !idPattern.test(workspace)) || (id && !idPattern.test(id))) throw notFound()
    if (workspace) mustSee(principal, workspace)
    mustHave(principal, route.right)
    const request = c.req.raw
    const query = readQuery(request.url, route.query)
    const { role: viewer, actor } = viewerOf(principal, request.headers.get('headroom-viewer'))
    const idempotencyKey = route.method === 'post' ? idempotencyKeyOf(request.headers.get('idempotency-key')) : null
    const body = route.body
      ? validated(route.body, await readJson(request, route.bodyLimit ?? bodyLimit, route.bodyMayBeEmpty ?? false))
      : undefined
    const { engine, money, checkoutLimit, streams, onClock } = room
    const call: Call<unknown, unknown> = {
      engine,
      money,
      request,
      requestId,
      principal,
      workspace,
      id,
      meter,
      body,
      query,
      viewer,
      actor,
      idempotencyKey,
      replyTo: (fault) => replyToFault(fault, requestId, room.log),
      streams,
      checkoutLimit,
      onClock,
    }
    const reply = await route.handle(call)
    return reply instanceof Response || reply.status !== 404 || reply.text !== undefined
      ? reply
      : refusedReply(notFound(), requestId)
  })
}

/** The door of everything under /v1: known, and not too fast. */
export async function enter(room: Room, c: Context): Promise<Principal> {
  const principal = await room.auth.principal(c.req.raw.headers.get('authorization'), addressOf(c))
  const limit = principal.kind === 'token' ? room.tokenLimit : room.keyLimit
  const wait = limit ? limit.take(principal.id) : 0
  if (wait > 0) throw tooMany(wait)
  return principal
}

export function responseOf(
  { status, body, text, replayed, headers }: Reply,
  requestId: string,
  stopping: boolean,
): Response {
  const all: Record<string, string> = { ...dataHeaders, 'x-request-id': requestId, ...headers }
  if (replayed) all['idempotent-replayed'] = 'true'
  if (stopping) all.connection = 'close'
  if (body === null) return new Response(null, { status, headers: all })
  all['content-type'] = status >= 400 ? 'application/problem+json' : 'application/json'
  return new Response(text ?? JSON.stringify(body), { status, headers: all })
}
