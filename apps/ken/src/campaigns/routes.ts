/** Campaigns and their contacts. */
import { Problem } from '../http/problem.ts'
import { jsonBody, parameter } from '../http/request.ts'
import { json, member, worker, type Route } from '../http/route.ts'
import { createCampaign, listCampaigns, renameCampaign, showCampaign } from './campaigns.ts'
import { listContacts } from './contacts.ts'
import { newCampaign, renamedCampaign } from './criteria.ts'

export const campaignRoutes: Route[] = [
  member('GET', '/api/campaigns', async (context, asked) =>
    json({ campaigns: await listCampaigns(context, asked.member) }),
  ),
  worker('POST', '/api/campaigns', async (context, asked) =>
    json(await createCampaign(context, asked.member, await jsonBody(asked.request, newCampaign)), 201),
  ),
  member('GET', '/api/campaigns/:id', async (context, asked) =>
    json(await showCampaign(context, asked.member, asked.id)),
  ),
  worker('PUT', '/api/campaigns/:id', async (context, { member: worker, id, request }) =>
    json(await renameCampaign(context, worker, id, await jsonBody(request, renamedCampaign))),
  ),
  member('GET', '/api/campaigns/:id/contacts', async (context, { member: reader, id, url }) => {
    const verdict = parameter(url, 'verdict')
    if (verdict !== null && verdict !== '' && verdict !== 'counted' && verdict !== 'not_counted') {
      throw new Problem('invalid_request', 'The verdict is counted or not_counted.', {
        errors: [{ path: 'verdict', message: 'counted or not_counted' }],
      })
    }
    return json(await listContacts(context, reader, id, { verdict: verdict || null, cursor: parameter(url, 'cursor') }))
  }),
]
