import * as answers from '../answers.ts'
import { notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { route } from '../route.ts'

const tag = 'Tokens'
const path = '/v1/workspaces/{workspace}/tokens'

export const tokens = [
  route({
    name: 'createToken',
    method: 'post',
    path,
    tag,
    summary: 'Make a short-lived browser token for one viewer',
    description:
      'Like a key it is shown once and not kept in a readable form: an Idempotency-Key is taken and repeats nothing. A token nobody received ends with its time.',
    right: 'write',
    body: requests.createToken,
    answers: { 201: { description: 'Made.', schema: answers.newToken } },
    async handle({ engine, workspace, body }) {
      const made = await engine.createToken({ workspace, ...body })
      if (!made) throw notFound()
      return { status: 201, body: made }
    },
  }),
  route({
    name: 'endTokens',
    method: 'delete',
    path,
    tag,
    summary: 'End all tokens and streams of a viewer',
    description: 'For a sign-out, a removal or a change of role: they are refused from the next request on.',
    right: 'write',
    query: requests.tokensQuery,
    answers: { 204: { description: 'Ended; also where there were none.' } },
    async handle({ engine, workspace, query, streams }) {
      if (!(await engine.workspace(workspace))) throw notFound()
      await engine.endTokens(workspace, query.viewerId)
      streams.recheck(workspace)
      return { status: 204, body: null }
    },
  }),
]
