/** An answer that goes on: server-sent events, until there is no more to say, the reader leaves or Ken stops. */
import type { Context } from '../context.ts'

export interface Following {
  /** Sends text as it stands: a whole event, or a comment that keeps the connection open. */
  send: (text: string) => void
  request: Request
  /** Aborts when nobody reads any more. */
  signal: AbortSignal
}

/** `follow` says what there is to say and resolves at the end; when it fails the stream closes, and a reader that lost it asks again. */
export function eventStream(
  { stopped }: Context,
  request: Request,
  follow: (following: Following) => Promise<void>,
): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([request.signal, stopped, gone.signal])
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder()
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      void follow({ send, request, signal })
        .catch(() => undefined)
        .finally(() => gone.signal.aborted || controller.close())
    },
    cancel: () => gone.abort(),
  })
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } })
}
