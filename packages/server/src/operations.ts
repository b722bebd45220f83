/** For whoever runs the server: alive, ready, figures. No key, and nothing in them that needs one. */
import type { Hono } from 'hono'
import { dataHeaders } from './headers.ts'
import { serve, type Room } from './pipeline.ts'
import { Refused } from './problem.ts'

export function mountOperations(app: Hono, room: Room, build: string): void {
  app.get(
    '/healthz',
    serve(room, 'healthz', () => Promise.resolve({ status: 200, body: { status: 'ok', build } })),
  )
  app.get(
    '/readyz',
    serve(room, 'readyz', async () => {
      if (room.stopping.aborted) throw notReady('The server is stopping.')
      const notYet = room.notYet()
      if (notYet !== null) throw notReady(notYet)
      const ready = await room.engine.ready()
      if (!ready.ok) throw notReady(ready.why)
      return { status: 200, body: { status: 'ok', build } }
    }),
  )
  app.get(
    '/metrics',
    serve(room, 'metrics', async () => {
      const headers = { ...dataHeaders, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
      return new Response(await room.metrics.text(room.engine, room.money), { headers })
    }),
  )
}

const notReady = (why: string): Refused => new Refused('unavailable', why, { headers: { 'retry-after': '1' } })
