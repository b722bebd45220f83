/** Campaigns and their contacts. */
import { Problem } from '../http/problem.ts'
import { jsonBody, parameter } from '../http/request.ts'
import { json, member, worker, type Route } from '../http/route.ts'
import { createCampaign, listCampaigns, renameCampaign, setCriteria, showCampaign } from './campaigns.ts'
import { contactFilter, listContacts, mostPerPage, summariseContacts } from './contacts.ts'
import { contactsFile } from './contacts-file.ts'
import { criteria, newCampaign, renamedCampaign } from './criteria.ts'

export const campaignRoutes: Route[] = [
  member('GET', '/api/campaigns', async (context, asked) =>
    json(await listCampaigns(context, asked.member, parameter(asked.url, 'cursor'))),
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
  worker('PUT', '/api/campaigns/:id/criteria', async (context, { member: worker, id, request }) =>
    json(await setCriteria(context, worker, id, await jsonBody(request, criteria))),
  ),
  member('GET', '/api/campaigns/:id/contacts', async (context, { member: reader, id, url }) =>
    json(await listContacts(context, reader, id, { ...contactFilter(url), ...pageOf(url) })),
  ),
  member('GET', '/api/campaigns/:id/contacts/summary', async (context, { member: reader, id }) =>
    json(await summariseContacts(context, reader, id)),
  ),
  member('GET', '/api/campaigns/:id/contacts.csv', (context, { member: reader, id, url }) =>
    contactsFile(context, reader, id, contactFilter(url)),
  ),
]

function pageOf(url: URL): { cursor: string | null; limit: number | null } {
  const limit = parameter(url, 'limit') || null
  if (limit !== null && !(/^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= mostPerPage)) {
    const message = `A page has 1 to ${mostPerPage} contacts.`
    throw new Problem('invalid_request', message, { errors: [{ path: 'limit', message }] })
  }
  return { cursor: parameter(url, 'cursor'), limit: limit === null ? null : Number(limit) }
}
