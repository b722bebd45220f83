import * as answers from '../answers.ts'
import { invalid } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'

/** Only where the server runs with a test clock; else the path is not there. */
export const clock = [
  route({
    name: 'setClock',
    method: 'post',
    path: '/v1/test/clock',
    tag: 'Test clock',
    summary: 'Set the clock, or move it on',
    description:
      'From the first call on the clock stands still until the next; it may not go back. Only with HEADROOM_TEST_CLOCK=1.',
    right: 'unbound',
    body: requests.setClock,
    answers: { 200: { description: 'The instant it now stands at.', schema: answers.clock } },
    async handle({ engine, body, onClock }) {
      const now = await engine.setTestClock(body)
      if (now === 'backwards') throw invalid([{ path: 'now', message: 'must not lie before where the clock stands' }])
      if (now === 'bad_duration')
        throw invalid([{ path: 'advance', message: 'must be an ISO 8601 duration such as P1M' }])
      await onClock()
      return ok({ now: new Date(now).toISOString() })
    },
  }),
]
