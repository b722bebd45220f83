/**
 * The path of one request, in the order the interface promises: who asks (401, 429), may they see the workspace (404), may they do that
 * (403), is it well-formed (400, 413, 415, 422), then the verb. Nothing is looked at before its turn; only what can wait is turned away
 * (503) before all that while there is too much to do, because a refusal has to be cheap then.
 */
import type { ServerResponse } from 'node:http'
import type { EngineInterface, Principal } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import type { Asked } from './asked.ts'
import type { BooksWatch } from './books-watch.ts'
import { mustHave, mustSee, tooMany, viewerOf, type Auth } from './auth.ts'
import { bodyLimit, readJson } from './body.ts'
import { replyToFault } from './faults.ts'
import { idPattern } from './fields.ts'
import { idempotencyKeyOf } from './idempotency.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { notFound, refusedReply, type Reply } from './problem.ts'
import { readQuery } from './query.ts'
import type { RateLimit, WindowLimit } from './rate-limit.ts'
import type { Call, Route } from './route.ts'
import { send } from './send.ts'
import type { UsageStreams } from './usage-streams.ts'
import { inTime, type Urgencies } from './urgency.ts'
import { validated } from './validate.ts'

/** What every route is served with. */
export interface Room {
  engine: EngineInterface
  /** Null where nothing is sold. */
  money: Money | null
  auth: Auth
  log: Log
  /** For the line of each request: its fields are known and none is a secret, so that none is looked for by name. */
  requestLog: Log
  metrics: Metrics
  /** Null: keys are not limited. */
  keyLimit: RateLimit | null
  tokenLimit: RateLimit
  /** New checkouts of one viewer. */
  checkoutLimit: WindowLimit
  urgencies: Urgencies
  watch: BooksWatch
  /** Where this process keeps what it keeps; null: nowhere. */
  dataDir: string | null
  stopping: AbortSignal
  notYet: () => string | null
  streams: UsageStreams
  /** Awaited after the test clock was set. */
  onClock: () => Promise<void>
}

export type Handler = (asked: Asked, outgoing: ServerResponse) => Promise<void>

/** Serves anything: what `answer` throws becomes a problem document; every answer is measured and logged. */
export function serve(room: Room, name: string, answer: (asked: Asked) => Promise<Reply>): Handler {
  const { log, requestLog, stopping } = room
  const figures = room.metrics.of(name)
  return async (asked, outgoing) => {
    const started = performance.now()
    const { requestId, method } = asked
    let reply: Reply
    try {
      reply = await answer(asked)
    } catch (fault) {
      reply = replyToFault(fault, requestId, log)
    }
    send(outgoing, reply, requestId, stopping.aborted)
    const { status } = reply
    const ms = performance.now() - started
    figures.answered(status, ms)
    requestLog.info(
      { requestId, method, path: asked.path, route: name, status, ms: Math.round(ms * 10) / 10, caller: asked.caller },
      'answered',
    )
  }
}

/** One route of the interface. */
export function serveRoute(room: Room, route: Route): Handler {
  const { engine, money, checkoutLimit, streams, onClock, log, urgencies } = room
  const { urgency = 'usual' } = route
  return serve(room, route.name, async (asked) => {
    const refusal = urgencies.refusal(urgency)
    if (refusal) {
      // What comes with it is not kept until then.
      asked.incoming.resume()
      throw await refusal
    }
    const principal = await enter(room, asked)
    const { requestId } = asked
    const { workspace, id, meter } = asked.params
    if ((workspace && !idPattern.test(workspace)) || (id && !idPattern.test(id))) throw notFound()
    if (workspace) mustSee(principal, workspace)
    mustHave(principal, route.right)
    const query = readQuery(asked.target.query, route.query)
    const { role: viewer, actor } = viewerOf(principal, asked.header('headroom-viewer'))
    const idempotencyKey = route.method === 'post' ? idempotencyKeyOf(asked.header('idempotency-key')) : null
    const body = route.body
      ? validated(
          route.body,
          await readJson(asked.incoming, route.bodyLimit ?? bodyLimit, route.bodyMayBeEmpty ?? false),
        )
      : undefined
    const call: Call<unknown, unknown> = {
      engine,
      money,
      asked,
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
      replyTo: (fault) => replyToFault(fault, requestId, log),
      streams,
      checkoutLimit,
      onClock,
    }
    const reply = await urgencies.pass(urgency, () => inTime(route.handle(call), route.method === 'get'))
    return reply.status === 404 && reply.text === undefined ? refusedReply(notFound(), requestId) : reply
  })
}

/** The door of everything under /v1: known, and not too fast. */
export async function enter(room: Room, asked: Asked): Promise<Principal> {
  const principal = await inTime(room.auth.principal(asked.header('authorization'), asked.address), true)
  asked.caller = principal.id
  const limit = principal.kind === 'token' ? room.tokenLimit : room.keyLimit
  const wait = limit ? limit.take(principal.id) : 0
  if (wait > 0) throw tooMany(wait)
  return principal
}
