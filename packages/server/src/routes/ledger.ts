import type { EngineInterface } from '@headroom/engine'
import * as answers from '../answers.ts'
import { badCursor, openCursor, sealCursor } from '../cursor.ts'
import { invalid, notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'

const tag = 'Ledger'

function mustBeMeter({ catalog }: EngineInterface, meter: string | undefined): void {
  if (meter !== undefined && !catalog.meters.some(({ id }) => id === meter)) {
    throw invalid([{ path: 'meter', message: 'is not one of the catalog’s meters' }])
  }
}

export const ledger = [
  route({
    name: 'listLedger',
    method: 'get',
    path: '/v1/workspaces/{workspace}/ledger',
    tag,
    summary: 'Every change, newest first',
    description:
      'Append-only; `seq` counts 1, 2, 3 … per workspace without gaps. The sums of `change` rebuild every balance.',
    right: 'books',
    urgency: 'later',
    query: requests.ledgerQuery,
    answers: { 200: { description: 'A page.', schema: answers.ledger } },
    async handle({ engine, workspace, query: { meter, period, kind, limit, ...query } }) {
      const cursor = openCursor('ledger', workspace, query.cursor)
      mustBeMeter(engine, meter)
      const page = await engine.ledger(workspace, {
        limit,
        ...(meter !== undefined && { meter }),
        ...(period !== undefined && { period }),
        ...(kind !== undefined && { kind }),
        ...(cursor !== undefined && { cursor }),
      })
      if (!page) throw notFound()
      if (page === 'bad_cursor') throw badCursor()
      return ok(sealCursor('ledger', workspace, page))
    },
  }),
  route({
    name: 'getBalances',
    method: 'get',
    path: '/v1/workspaces/{workspace}/balances',
    tag,
    summary: 'The balances now, or as they were at a past instant',
    right: 'look',
    query: requests.balancesQuery,
    answers: { 200: { description: 'The balances.', schema: answers.balances } },
    async handle({ engine, workspace, query: { at } }) {
      const found = await engine.balances(workspace, at ?? null)
      if (!found) throw notFound()
      if (found === 'out_of_range') {
        throw invalid([{ path: 'at', message: 'must be an instant between the creation of the workspace and now' }])
      }
      return ok(found)
    },
  }),
  route({
    name: 'explain',
    method: 'get',
    path: '/v1/workspaces/{workspace}/explain/{meter}',
    tag,
    summary: 'Why a balance is what it is',
    description:
      'Sentences, each with the ledger entries behind it. The quantities of those about `limit`, `used` and `reserved` add up to the balance’s; the last one says what is left.',
    right: 'books',
    urgency: 'later',
    answers: { 200: { description: 'The balance and its sentences.', schema: answers.explain } },
    async handle({ engine, workspace, meter }) {
      const found = await engine.explain(workspace, meter)
      if (!found || found === 'unknown_meter') throw notFound()
      return ok(found)
    },
  }),
  route({
    name: 'history',
    method: 'get',
    path: '/v1/workspaces/{workspace}/history',
    tag,
    summary: 'What was used, period by period, and day by day in the running one',
    description:
      'Meter by meter, each with its newest period first; twelve at the most. `days` are UTC dates from the period’s first to today’s, zeros included, and empty for the periods before. Their sum is `used`.',
    right: 'books',
    urgency: 'later',
    query: requests.historyQuery,
    answers: { 200: { description: 'The periods of all meters, or of the one asked for.', schema: answers.history } },
    async handle({ engine, workspace, query: { meter } }) {
      mustBeMeter(engine, meter)
      const found = await engine.history(workspace, meter)
      if (!found) throw notFound()
      return ok(found)
    },
  }),
]
