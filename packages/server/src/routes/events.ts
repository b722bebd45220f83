import { notFound } from '../problem.ts'
import { route } from '../route.ts'

export const events = [
  route({
    name: 'streamEvents',
    method: 'get',
    path: '/v1/workspaces/{workspace}/events',
    tag: 'Usage',
    summary: 'The usage now and after every change',
    description:
      'Server-sent events named `usage`, each the whole usage without `price` and `addOns`; `id` is the version. A comment at least every 15 s. Ends when the token does. A browser reads it with fetch, for the Authorization header.',
    right: 'look',
    answers: { 200: { description: 'The stream.', mediaType: 'text/event-stream' } },
    async handle({ engine, asked, workspace, principal, streams }) {
      const secret = /^bearer +(\S+)$/i.exec(asked.header('authorization') ?? '')?.[1] ?? ''
      if (asked.method === 'HEAD') {
        if (!(await engine.workspace(workspace))) throw notFound()
        return { status: 200, body: null, headers: { 'content-type': 'text/event-stream' } }
      }
      const stream = await streams.open({
        workspace,
        isStillAllowed: async () => (await engine.authenticate(secret))?.id === principal.id,
      })
      if (!stream) throw notFound()
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
      return { status: 200, body: null, stream, headers }
    },
  }),
]
