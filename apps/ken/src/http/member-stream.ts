/** Streams that end with the right to read them. */
import type { Context } from '../context.ts'
import { stillMember, type Member } from '../people/session.ts'

const lookMs = 2_000

/** The same answer; one that is a stream ends within seconds of its reader's removal or change of role. A reader who may asks again. */
export function whileMember({ database }: Context, member: Member, answer: Response): Response {
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (!isStream || answer.body === null) return answer
  const reader = answer.body.getReader()
  const timer = setInterval(() => {
    stillMember(database, member).then(
      (isMember) => isMember || void reader.cancel().catch(() => undefined),
      // A database that cannot be asked says nothing about the reader.
      () => undefined,
    )
  }, lookMs)
  timer.unref()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      clearInterval(timer)
      controller.close()
    },
    cancel(reason) {
      clearInterval(timer)
      return reader.cancel(reason)
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}
