/** For whoever runs the server: alive, ready, figures. No key, and nothing in them that needs one. */
import type { Room } from './pipeline.ts'
import { Refused } from './problem.ts'
import type { OpenRoute } from './router.ts'
import { within } from './urgency.ts'

/** Whoever asks this is a machine that asks again soon, and takes no answer for the worst one. */
const lookMs = 2_000
const silent = { ok: false, why: 'The database does not answer.' } as const

export const operations = (room: Room, build: string): OpenRoute[] => [
  {
    name: 'healthz',
    method: 'get',
    path: '/healthz',
    answer: () => Promise.resolve({ status: 200, body: { status: 'ok', build } }),
  },
  {
    name: 'readyz',
    method: 'get',
    path: '/readyz',
    async answer() {
      if (room.stopping.aborted) throw notReady('The server is stopping.')
      const notYet = room.notYet()
      if (notYet !== null) throw notReady(notYet)
      const ready = await within(lookMs, room.engine.ready(), () => silent)
      if (!ready.ok) throw notReady(ready.why)
      return { status: 200, body: { status: 'ok', build } }
    },
  },
  {
    name: 'metrics',
    method: 'get',
    path: '/metrics',
    async answer() {
      const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
      return { status: 200, body: {}, text: await room.metrics.text(room), headers }
    },
  },
]

const notReady = (why: string): Refused => new Refused('unavailable', why, { headers: { 'retry-after': '1' } })
