import * as answers from '../answers.ts'
import { badCursor, openCursor, sealCursor } from '../cursor.ts'
import { invalid, notFound } from '../problem.ts'
import * as requests from '../requests.ts'
import { ok, route } from '../route.ts'

const tag = 'Ledger'

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
    query: requests.ledgerQuery,
    answers: { 200: { description: 'A page.', schema: answers.ledger } },
    async handle({ engine, workspace, query: { meter, period, limit, ...query } }) {
      const cursor = openCursor('ledger', workspace, query.cursor)
      if (meter !== undefined && !engine.catalog.meters.some(({ id }) => id === meter)) {
        throw invalid([{ path: 'meter', message: 'is not one of the catalog’s meters' }])
      }
      const page = await engine.ledger(workspace, {
        limit,
        ...(meter !== undefined && { meter }),
        ...(period !== undefined && { period }),
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
    description: 'Sentences, each with the ledger entries behind it.',
    right: 'books',
    answers: { 200: { description: 'The balance and its sentences.', schema: answers.explain } },
    async handle({ engine, workspace, meter }) {
      const found = await engine.explain(workspace, meter)
      if (!found || found === 'unknown_meter') throw notFound()
      return ok(found)
    },
  }),
]
