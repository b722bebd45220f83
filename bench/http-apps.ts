/** What stands beside our server: the same kind of server with hardly anything in it, and what an ordinary application has there. */
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Contender } from './contender.ts'

/** As long as a reservation of ours. */
const constant = JSON.stringify({ id: 'r'.repeat(16), state: 'held', padding: 'x'.repeat(380) })

/** Reads the body and answers the same for all. */
export function bareApp(): Hono {
  const app = new Hono()
  app.post('/v1/workspaces/:workspace/reservations', async (c) => {
    await c.req.text()
    return c.body(constant, 201, { 'content-type': 'application/json' })
  })
  app.post('/v1/workspaces/:workspace/reservations/:id/commit', async (c) => {
    await c.req.text()
    return c.body(constant, 200, { 'content-type': 'application/json' })
  })
  return app
}

/** The typical transactions behind plain routes: JSON in, JSON out. Not even the key is checked. */
export function typicalApp(typical: Contender): Hono {
  const app = new Hono()
  const numberOf = (workspace: string) => Number(workspace.slice('ws_'.length))
  const quantityOf = (lines: { quantity: number }[]) => lines[0]!.quantity
  app.post('/v1/workspaces/:workspace/reservations', async (c) => {
    const { id, lines } = await c.req.json<{ id: string; lines: { quantity: number }[] }>()
    const done = await typical.reserve(numberOf(c.req.param('workspace')), id, quantityOf(lines))
    return done ? c.json({ id, state: 'held', lines }, 201) : c.json({ error: 'limit reached' }, 402)
  })
  app.post('/v1/workspaces/:workspace/reservations/:id/commit', async (c) => {
    const { lines } = await c.req.json<{ lines: { quantity: number }[] }>()
    const id = c.req.param('id')
    const done = await typical.commit(numberOf(c.req.param('workspace')), id, quantityOf(lines))
    return done ? c.json({ id, state: 'committed', lines }) : c.json({ error: 'not held' }, 409)
  })
  return app
}

/** The same constant from Node's own server with nothing around it: the least that any request costs here. */
export const plainAnswer: RequestListener = (incoming, outgoing) => {
  incoming.resume()
  incoming.once('end', () => {
    const status = incoming.url!.endsWith('/commit') ? 200 : 201
    outgoing.writeHead(status, ['content-type', 'application/json', 'content-length', String(constant.length)])
    outgoing.end(constant)
  })
}

export function answerOf(app: Hono): RequestListener {
  const answer = getRequestListener(app.fetch)
  return (incoming, outgoing) => void answer(incoming, outgoing)
}

export function listen(answer: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 65_000 }, answer)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
