import * as answers from '../answers.ts'
import * as requests from '../requests.ts'
import { route } from '../route.ts'
import { askedBy } from '../submissions.ts'
import { mint } from '@headroom/engine'
import { running, stored } from './documents.ts'

export const grants = [
  route({
    name: 'grant',
    method: 'post',
    path: '/v1/workspaces/{workspace}/grants',
    tag: 'Grants',
    summary: 'Add to a meter’s limit in the current period',
    description: 'Lapses with the period. An operator’s act: it needs a reason.',
    right: 'write',
    urgency: 'first',
    body: requests.grant,
    answers: { 201: stored('Granted.', answers.grant), 409: running },
    handle(call) {
      const { meter, quantity, reason } = call.body
      return call.engine.submit({
        op: 'grant',
        ...askedBy(call, 'grant'),
        source: { type: 'operator', id: mint('grt') },
        lines: [{ meter, quantity }],
        reason,
      })
    },
  }),
]
