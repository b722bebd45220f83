/** A real HTTP server that answers what a test wrote down, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  text: string
}

export type Answer = (response: ServerResponse, asked: Asked) => void | Promise<void>

export interface ScriptedServer extends AsyncDisposable {
  baseUrl: string
  asked: Asked[]
}

/** Answers the first request with the first answer, and so on; the last one goes for all that follow. */
export async function scriptedServer(...answers: Answer[]): Promise<ScriptedServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { method = '', url = '', headers } = request
      const question = { method, url, headers, text: await text(request) }
      const answer = answers[Math.min(asked.push(question), answers.length) - 1]!
      await answer(response, question)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  }

/** A problem document as the interface describes it. */
export const problem = (status: number, code: string, more: object = {}, headers?: Record<string, string>): Answer =>
  json(
    status,
    { type: 'about:blank', title: code, status, detail: `It was ${code}.`, code, requestId: 'req_1', ...more },
    headers,
  )

/** The connection is reset before anything is answered. */
export const reset: Answer = (response) => void response.socket?.destroy()

/** The answer begins and is cut in the middle of its body. */
export const cut: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"id":"rsv_', () => response.socket?.destroy())
}

/** Nothing ever comes. */
export const hang: Answer = () => {}
