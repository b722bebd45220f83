import * as answers from '../answers.ts'
import { invalid, notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'

const tag = 'Keys'

export const keys = [
  route({
    name: 'createKey',
    method: 'post',
    path: '/v1/keys',
    tag,
    summary: 'Make a secret key for a backend',
    description:
      'The key is shown this once. It is not kept in a form that could be shown again, so an Idempotency-Key is taken and repeats nothing: after a lost answer, delete the key you never saw.',
    right: 'unbound',
    body: requests.createKey,
    answers: { 201: { description: 'Made.', schema: answers.newKey } },
    async handle({ engine, body: { name, scope, workspace, expiresAt } }) {
      if (typeof expiresAt === 'number' && expiresAt <= (await engine.now())) {
        throw invalid([{ path: 'expiresAt', message: 'must lie in the future' }])
      }
      if (workspace && !(await engine.workspace(workspace))) {
        throw invalid([{ path: 'workspace', message: 'is not a workspace' }])
      }
      return {
        status: 201,
        body: await engine.createKey({ name, scope, workspace: workspace ?? null, expiresAt: expiresAt ?? null }),
      }
    },
  }),
  route({
    name: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag,
    summary: 'List the keys, without their secrets',
    right: 'unbound',
    answers: { 200: { description: 'All keys; there is one page.', schema: answers.keys } },
    handle: async ({ engine }) => ok({ data: await engine.keys(), nextCursor: null }),
  }),
  route({
    name: 'deleteKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    tag,
    summary: 'End a key',
    description: 'Whoever uses it is refused within 2 seconds.',
    right: 'unbound',
    answers: { 204: { description: 'Ended.' } },
    async handle({ engine, id }) {
      if (!(await engine.deleteKey(id))) throw notFound()
      return { status: 204, body: null }
    },
  }),
]
