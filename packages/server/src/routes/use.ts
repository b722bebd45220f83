import * as answers from '../answers.ts'
import * as requests from '../requests.ts'
import { route } from '../route.ts'
import { askedBy, useOf } from '../submissions.ts'
import { refused, running, stored } from './documents.ts'

export const use = [
  route({
    name: 'use',
    method: 'post',
    path: '/v1/workspaces/{workspace}/use',
    tag: 'Usage',
    summary: 'Count without a reservation',
    description: 'Has no id of its own: send an Idempotency-Key, so that a lost answer can be asked for again.',
    right: 'write',
    urgency: 'first',
    body: requests.use,
    answers: { 200: stored('The balances of the meters named.', answers.balances), 402: refused, 409: running },
    handle: (call) => call.engine.submit(useOf(askedBy(call, 'use'), call.body)),
  }),
]
