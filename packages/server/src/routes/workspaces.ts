import * as answers from '../answers.ts'
import { workspaceIdOf } from '../idempotency.ts'
import { notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'
import { askedBy } from '../submissions.ts'
import { mint } from '@headroom/engine'
import { running } from './documents.ts'

const tag = 'Workspaces'

export const workspaces = [
  route({
    name: 'createWorkspace',
    method: 'post',
    path: '/v1/workspaces',
    tag,
    summary: 'Create a workspace',
    description:
      'Repeats by `id`: the same content answers 200 with the workspace, other content 422 `workspace_mismatch`. Without an `id`, an Idempotency-Key names the workspace.',
    right: 'unbound',
    body: requests.createWorkspace,
    answers: {
      200: { description: 'It was there already, with this content.', schema: answers.workspace },
      201: { description: 'Created.', schema: answers.workspace },
      409: running,
    },
    handle({ engine, body, requestId, actor, viewer, principal, idempotencyKey }) {
      const { id, name, plan, contacts, interval, anchor } = body
      const workspace = id ?? (idempotencyKey === null ? mint('ws') : workspaceIdOf(principal, idempotencyKey))
      return engine.submit({
        op: 'create-workspace',
        workspace,
        key: null,
        requestId,
        actor,
        viewer,
        name,
        plan,
        contacts: contacts ?? null,
        interval,
        anchor: anchor ?? null,
      })
    },
  }),
  route({
    name: 'getWorkspace',
    method: 'get',
    path: '/v1/workspaces/{workspace}',
    tag,
    summary: 'Read a workspace',
    right: 'look',
    answers: { 200: { description: 'The workspace.', schema: answers.workspace } },
    async handle({ engine, workspace }) {
      const found = await engine.workspace(workspace)
      if (!found) throw notFound()
      return ok(found)
    },
  }),
  route({
    name: 'setPlan',
    method: 'put',
    path: '/v1/workspaces/{workspace}/plan',
    tag,
    summary: 'Set the plan of a workspace without a subscription',
    description: 'At once, or with `when: "periodEnd"` when the running period ends. Asked again, nothing changes.',
    right: 'write',
    body: requests.setPlan,
    answers: { 200: { description: 'The workspace as it stands now.', schema: answers.workspace } },
    handle(call) {
      const { plan, contacts, interval, when } = call.body
      return call.engine.submit({
        op: 'set-plan',
        ...askedBy(call, 'setPlan'),
        plan,
        contacts: contacts ?? null,
        interval: interval ?? null,
        when,
        anchor: null,
        status: null,
        graceUntil: null,
      })
    },
  }),
]
