/** One route: its place, who may use it, what it takes and answers. The router, /openapi.json and the tests read the same table. */
import type { z } from '@hono/zod-openapi'
import type { Role } from '@headroom/core'
import type { EngineInterface, Principal } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import type { Asked } from './asked.ts'
import type { Right } from './auth.ts'
import type { Reply } from './problem.ts'
import type { WindowLimit } from './rate-limit.ts'
import type { Urgency } from './urgency.ts'
import type { UsageStreams } from './usage-streams.ts'

/** A request that has passed the door: known, allowed and well-formed. */
export interface Call<Body, Query> {
  engine: EngineInterface
  asked: Asked
  requestId: string
  principal: Principal
  /** From the path; '' where it has none. */
  workspace: string
  /** The other id in the path. */
  id: string
  meter: string
  body: Body
  query: Query
  viewer: Role
  /** Recorded on every ledger entry. */
  actor: string
  /** The Idempotency-Key as the client sent it, or null. */
  idempotencyKey: string | null
  /** What was thrown, as an answer: for items of a batch. */
  replyTo: (fault: unknown) => Reply
  streams: UsageStreams
  /** Null where nothing is sold; the routes that sell are then not there. */
  money: Money | null
  checkoutLimit: WindowLimit
  /** After the test clock was set: what goes by it catches up. */
  onClock: () => Promise<void>
}

export interface AnswerDocument {
  description: string
  schema?: z.ZodType
  /** Of anything but JSON. */
  mediaType?: string
  headers?: Record<string, { description: string; schema: { type: 'string' | 'integer' } }>
}

export interface Route<Body = unknown, Query = unknown> {
  /** The operation's name: in the OpenAPI document, the metrics and the scope of an Idempotency-Key. */
  name: string
  method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: /v1/workspaces/{workspace}/usage. */
  path: string
  tag: string
  summary: string
  description?: string
  right: Right
  /** Under overload; default: usual. */
  urgency?: Urgency
  query?: z.ZodObject
  body?: z.ZodType
  /** What the document shows where it says more than `body` checks. */
  bodyDocument?: z.ZodType
  bodyMayBeEmpty?: boolean
  bodyLimit?: number
  answers: Record<number, AnswerDocument>
  handle(call: Call<Body, Query>): Promise<Reply>
}

/** Types the handler by the route's own schemas. */
export function route<Body extends z.ZodType, Query extends z.ZodObject>(
  definition: Omit<Route, 'handle' | 'body' | 'query'> & {
    body?: Body
    query?: Query
    handle(call: Call<z.output<Body>, z.output<Query>>): Promise<Reply>
  },
): Route {
  return definition as Route
}

export const ok = (body: object): Reply => ({ status: 200, body })
