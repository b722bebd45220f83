/** Many operations in one request, each with the answer it would have had alone. */
import type { Answer } from '@headroom/core'
import * as answers from '../answers.ts'
import { batchLimit } from '../body.ts'
import { mustSee } from '../auth.ts'
import { invalid, notFound, refusedReply } from '../problem.ts'
import * as requests from '../requests.ts'
import { route, type Call } from '../route.ts'
import { askedBy, commitOf, extendOf, releaseOf, reserveOf, useOf } from '../submissions.ts'
import { validated } from '../validate.ts'

type Item = Pick<Answer, 'status' | 'text' | 'replayed'> & { body: object | null }

export const batch = [
  route({
    name: 'batch',
    method: 'post',
    path: '/v1/batch',
    tag: 'Batch',
    summary: 'Up to 1,000 operations in one request',
    description:
      'Each has its own status and body; one that fails never fails the rest. Those of one workspace take effect in the order given. Idempotency keys go with the items, never in the header.',
    right: 'write',
    urgency: 'first',
    body: requests.batchEnvelope,
    bodyDocument: requests.batch,
    bodyLimit: batchLimit,
    answers: { 200: { description: 'One result per operation, in the same order.', schema: answers.batchResults } },
    async handle(call) {
      if (call.idempotencyKey !== null) {
        throw invalid([{ path: 'Idempotency-Key', message: 'goes with the items of a batch, as idempotencyKey' }])
      }
      const line = new Line()
      const items = await Promise.all(call.body.operations.map((operation) => answerTo(call, operation, line)))
      return { status: 200, body: {}, text: `{"results":[${items.map(resultText).join(',')}]}` }
    },
  }),
]

/** Stored answers go out as they were stored, byte for byte. */
const resultText = ({ status, body, text, replayed }: Item): string =>
  `{"status":${status},"body":${text ?? JSON.stringify(body)}${replayed ? ',"replayed":true' : ''}}`

async function answerTo(call: Call<unknown, unknown>, operation: unknown, line: Line): Promise<Item> {
  const { requestId } = call
  try {
    const item = validated(requests.batchItem, operation)
    mustSee(call.principal, item.workspace)
    const answer = await submitted(call, item, line)
    return answer.status === 404 && answer.text === undefined ? refusedReply(notFound(), requestId) : answer
  } catch (fault) {
    return call.replyTo(fault)
  }
}

/** Hands the item over in the same turn as its neighbours, so that they share a transaction and keep their order. */
function submitted(call: Call<unknown, unknown>, item: requests.BatchItem, line: Line): Promise<Answer> {
  const { engine, principal, requestId, actor, viewer } = call
  const { workspace, idempotencyKey = null } = item
  const asked = askedBy({ principal, requestId, actor, viewer, workspace, idempotencyKey }, item.op)
  if (item.op === 'check') return line.read(workspace, () => engine.check(workspace, item.lines, viewer, requestId))
  return line.write(workspace, () => {
    if (item.op === 'reserve') return engine.submit(reserveOf(asked, item))
    if (item.op === 'commit') return engine.submit(commitOf(asked, item.id, item))
    if (item.op === 'release') return engine.submit(releaseOf(asked, item.id))
    if (item.op === 'extend') return engine.submit(extendOf(asked, item.id, item))
    return engine.submit(useOf(asked, item))
  })
}

/**
 * Keeps a workspace's items in order where a check stands among them: it reads past the engine's queue, so it waits for the writes
 * before it, and the writes after it wait for it. Writes alone never wait here: the engine's queue keeps their order.
 */
class Line {
  readonly #writes = new Map<string, Promise<unknown>[]>()
  readonly #lastCheck = new Map<string, Promise<unknown>>()

  write(workspace: string, work: () => Promise<Answer>): Promise<Answer> {
    const check = this.#lastCheck.get(workspace)
    const done = check ? check.then(work) : work()
    const writes = this.#writes.get(workspace)
    const settled = done.catch(() => {})
    if (writes) writes.push(settled)
    else this.#writes.set(workspace, [settled])
    return done
  }

  read(workspace: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = this.#writes.get(workspace) ?? []
    this.#writes.delete(workspace)
    const done = Promise.all([this.#lastCheck.get(workspace), ...before]).then(work)
    this.#lastCheck.set(
      workspace,
      done.catch(() => {}),
    )
    return done
  }
}
