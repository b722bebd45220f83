import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

type Serve = (request: Request) => Promise<Response> | Response

export interface Listening {
  url: string
  close(): Promise<void>
}

/** `fetch` behind a port of its own. A body that breaks, breaks the connection. */
export async function listen(serve: Serve): Promise<Listening> {
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing, serve))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, serve: Serve): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  try {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const response = await serve(
      new Request(`http://${incoming.headers.host}${incoming.url}`, {
        method: incoming.method ?? 'GET',
        headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
        body: chunks.length === 0 ? null : Buffer.concat(chunks),
        signal: gone.signal,
      }),
    )
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body === null) outgoing.end()
    else {
      const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
      body.on('error', () => outgoing.destroy()).pipe(outgoing)
    }
  } catch {
    outgoing.destroy()
  }
}
