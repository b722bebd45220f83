/** Requests as operations of the books: shared by the single routes and the items of a batch. Ids are minted here, once per request. */
import type { Role } from '@headroom/core'
import type { Principal, Submission } from '@headroom/engine'
import type { z } from '@hono/zod-openapi'
import { scopedKey } from './idempotency.ts'
import type * as requests from './requests.ts'
import type { Call } from './route.ts'
import { mint } from '@headroom/engine'

/** What every operation carries beside its content. */
interface Asked {
  workspace: string
  key: string | null
  requestId: string
  actor: string
  viewer: Role
}

type Asking = Pick<Call<unknown, unknown>, 'workspace' | 'requestId' | 'actor' | 'viewer' | 'idempotencyKey'> & {
  principal: Principal
}

export const askedBy = (call: Asking, route: string): Asked => ({
  workspace: call.workspace,
  key: call.idempotencyKey === null ? null : scopedKey(call.principal, route, call.idempotencyKey),
  requestId: call.requestId,
  actor: call.actor,
  viewer: call.viewer,
})

export const reserveOf = (asked: Asked, request: z.output<typeof requests.reserve>): Submission => ({
  op: 'reserve',
  ...asked,
  ...(request.id === undefined ? { id: mint('rsv'), minted: true } : { id: request.id }),
  lines: request.lines,
  partial: request.partial,
  ttlSeconds: request.ttlSeconds,
  reference: request.reference ?? null,
  metadata: request.metadata ?? null,
})

export const commitOf = (asked: Asked, id: string, { lines, final }: z.output<typeof requests.commit>): Submission => ({
  op: 'commit',
  ...asked,
  id,
  lines,
  final,
})

export const releaseOf = (asked: Asked, id: string): Submission => ({ op: 'release', ...asked, id })

export const extendOf = (asked: Asked, id: string, { ttlSeconds }: z.output<typeof requests.extend>): Submission => ({
  op: 'extend',
  ...asked,
  id,
  ttlSeconds,
})

export const useOf = (asked: Asked, { lines, mode, reference }: z.output<typeof requests.use>): Submission => ({
  op: 'use',
  ...asked,
  id: mint('use'),
  lines,
  mode,
  reference: reference ?? null,
})
