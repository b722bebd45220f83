/** The Leads Database: what can be asked for, who is found, and taking them as a list of a campaign. */
import * as z from 'zod'
import { criteria } from '../campaigns/criteria.ts'
import { jsonBody } from '../http/request.ts'
import { json, member, worker, type Route } from '../http/route.ts'
import { takeList } from './lists.ts'
import { directoryOptions, searchDirectory } from './search.ts'

const search = z.strictObject({ criteria })

export const directoryRoutes: Route[] = [
  member('GET', '/api/directory', async (context) => json(await directoryOptions(context))),
  member('POST', '/api/directory/search', async (context, asked) => {
    const { criteria: wanted } = await jsonBody(asked.request, search)
    return json(await searchDirectory(context, asked.member.workspace.id, wanted))
  }),
  worker('POST', '/api/campaigns/:id/lists', async (context, asked) => {
    const { criteria: wanted } = await jsonBody(asked.request, search)
    return json({ upload: await takeList(context, asked.member, asked.id, wanted) }, 201)
  }),
]
