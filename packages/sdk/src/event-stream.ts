/** Reads text/event-stream as the HTML standard describes it, however the bytes are cut on the way. */

export interface StreamEvent {
  event: string
  data: string
}

/**
 * Yields the events of a body, in order. A character or a line end may be split between two chunks. `onBytes` is called for each
 * chunk, also for the comments that only keep the line open. An event the stream ends in the middle of is dropped.
 */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<StreamEvent, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let event = ''
  let data: string[] = []
  try {
    for (;;) {
      const chunk = await reader.read()
      if (chunk.done) return
      onBytes()
      rest += decoder.decode(chunk.value, { stream: true })
      // A CR at the very end may be the first half of CRLF: it waits for the next chunk.
      for (let end = rest.search(lineEnd); end >= 0; end = rest.search(lineEnd)) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + (rest.startsWith('\r\n', end) ? 2 : 1))
        if (line === '') {
          if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') }
          event = ''
          data = []
        } else if (line.startsWith('event:')) event = valueOf(line)
        else if (line.startsWith('data:')) data.push(valueOf(line))
      }
    }
  } finally {
    // Without this the connection stays open when the caller stops early.
    await reader.cancel().catch(() => {})
  }
}

const lineEnd = /\n|\r(?!$)/

function valueOf(line: string): string {
  const value = line.slice(line.indexOf(':') + 1)
  return value.startsWith(' ') ? value.slice(1) : value
}
