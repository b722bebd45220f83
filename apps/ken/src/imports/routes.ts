/** Uploads, what an import of them would bring, and imports. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import * as z from 'zod'
import { jsonBody, parameter } from '../http/request.ts'
import { json, member, worker, type Route } from '../http/route.ts'
import { uploadsBefore } from './earlier.ts'
import { importEvents } from './events.ts'
import { cancelImport, showImport, startImport } from './imports.ts'
import { planImport, targetOf } from './plan.ts'
import { takeUpload } from './uploads.ts'

const nothing = z.strictObject({})
const importRequest = z.strictObject({
  target: z.unknown().optional(),
  campaignId: z.string().max(100).optional(),
})

export const importRoutes: Route[] = [
  worker('POST', '/api/campaigns/:id/uploads', async (context, asked) =>
    json({ upload: await takeUpload(context, asked.member, asked.id, asked.request) }, 201),
  ),
  member('GET', '/api/uploads', async (context, { member: reader }) =>
    json({ uploads: await uploadsBefore(context.database, reader) }),
  ),
  member('GET', '/api/uploads/:id/plan', async (context, { member: reader, id, url }) =>
    json(await planImport(context, reader, id, targetOf(parameter(url, 'target')))),
  ),
  worker('POST', '/api/uploads/:id/imports', async (context, asked) => {
    const { target, campaignId = null } = await jsonBody(asked.request, importRequest)
    return json(await startImport(context, asked.member, asked.id, { target: targetOf(target), campaignId }), 201)
  }),
  member('GET', '/api/imports/:id', async (context, asked) =>
    json(await showImport(context.database, asked.member, asked.id)),
  ),
  member('GET', '/api/imports/:id/events', (context, asked) =>
    importEvents(context, asked.member, asked.id, asked.request),
  ),
  worker('POST', '/api/imports/:id/cancel', async (context, asked) => {
    await jsonBody(asked.request, nothing)
    return json(await cancelImport(context, asked.member, asked.id))
  }),
  member('GET', '/api/files/contacts.csv', exampleFile),
]

async function exampleFile(): Promise<Response> {
  const file = new URL('../../../../examples/contacts.csv', import.meta.url)
  const { size } = await stat(file)
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Length': String(size),
      'Content-Disposition': 'attachment; filename="contacts.csv"',
    },
  })
}
