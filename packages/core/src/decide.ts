/**
 * The rules of the books: a pure, deterministic state machine. Time, ids and hashes are handed in; nothing handed in is altered.
 * Each verb first judges (changing nothing), then applies (which cannot fail). Sources: decisions §3-§8, api.md "Rules of the interface".
 */
import type { Books, Changes } from './books.ts'
import { Draft } from './draft.ts'
import { grant, refund } from './grants.ts'
import type { Answer, Operation } from './operations.ts'
import { create, setPlan } from './plans.ts'
import { refusal } from './problem.ts'
import { unknownWorkspace } from './refusals.ts'
import { settle } from './renewal.ts'
import { commit, extend, release, reserve } from './reservations.ts'
import { syncSubscription } from './subscriptions.ts'
import { use } from './use.ts'
import type { Instant, WorkspaceId } from './words.ts'

export interface Decision {
  /** One per operation, in order. 'again': the workspace has more overdue than one round settles; ask in the next batch. */
  answers: (Answer | 'again')[]
  changes: Changes
}

export const noChanges = (): Changes => ({
  workspaces: [],
  subscriptions: { created: [], changed: [] },
  balances: { created: [], changed: [] },
  reservations: { created: [], changed: [] },
  grants: { created: [], changed: [] },
  entries: [],
  answers: [],
})

/**
 * Answers the operations in order against the books that were loaded for them, at one instant.
 * For each workspace, once, everything that time has made due is booked first; so no answer depends on when a sweeper ran.
 */
export function decide(books: Books, operations: readonly Operation[], now: Instant): Decision {
  const drafts = new Map<WorkspaceId, Draft>()
  const answers = operations.map((operation) => {
    let draft = drafts.get(operation.workspace)
    if (!draft) drafts.set(operation.workspace, (draft = settled(books, operation.workspace, now)))
    return draft.again ? 'again' : answerOnce(draft, operation)
  })
  const changes = noChanges()
  for (const draft of drafts.values()) draft.collect(changes)
  return { answers, changes }
}

/**
 * A workspace as it stands now: what time has made due is booked. Nobody sees an overdue hold as held.
 * Reads use it too and throw the draft away; they load all that is due and settle it in one round.
 */
export function settled(books: Books, id: WorkspaceId, now: Instant, round?: number): Draft {
  const draft = new Draft(books, id, now)
  settle(draft, books.workspaces.get(id)?.due, round)
  return draft
}

/** With a key, the first answer is stored in the same transaction as its effect and given again, byte for byte. */
function answerOnce(draft: Draft, operation: Operation): Answer {
  const { key } = operation
  if (key === null) return answerTo(draft, operation)
  const request = `${operation.request} ${operation.viewer}`
  const first = draft.answers.get(key)
  if (first) {
    if (first.request === request) return { status: first.status, body: {}, text: first.body, replayed: true }
    const detail = 'This Idempotency-Key was sent before with another request. Use a new key for a new request.'
    return refusal('idempotency_mismatch', detail, operation.requestId)
  }
  const answer = answerTo(draft, operation)
  if (!draft.workspace || !isKept(answer)) return answer
  const text = JSON.stringify(answer.body)
  const { workspace } = operation
  draft.answers.put(key, { workspace, key, request, status: answer.status, body: text, at: draft.t })
  return { ...answer, text }
}

/** Faults of form are not stored: the same key may be sent again, mended (api.md, "Idempotency"). */
function isKept({ status, body }: Answer): boolean {
  if (status !== 422) return true
  return (body as { code?: string }).code !== 'invalid_request'
}

function answerTo(draft: Draft, operation: Operation): Answer {
  if (operation.op === 'create-workspace') return create(draft, operation)
  if (!draft.workspace) return unknownWorkspace(operation.requestId)
  switch (operation.op) {
    case 'reserve':
      return reserve(draft, operation)
    case 'commit':
      return commit(draft, operation)
    case 'release':
      return release(draft, operation)
    case 'extend':
      return extend(draft, operation)
    case 'use':
      return use(draft, operation)
    case 'grant':
      return grant(draft, operation)
    case 'refund':
      return refund(draft, operation)
    case 'set-plan':
      return setPlan(draft, operation)
    case 'sync-subscription':
      return syncSubscription(draft, operation)
    case 'settle':
      return { status: 200, body: {} }
  }
}
