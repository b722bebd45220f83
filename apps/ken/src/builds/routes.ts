/** Building a campaign with Ken's help. */
import * as z from 'zod'
import { jsonBody } from '../http/request.ts'
import { empty, json, member, worker, type Route } from '../http/route.ts'
import { stepNames } from './build-view.ts'
import { completeBuild } from './completion.ts'
import { editBuild, goOn, makeAgain } from './editing.ts'
import { buildEvents } from './events.ts'
import { addFile, removeFile } from './files.ts'
import { checkBuild, deleteBuild, leaveBuild, resumeBuild, startBuild } from './opening.ts'
import { listBuilds, showBuild } from './show.ts'
import { edits, newBuild } from './words.ts'

const nothing = z.strictObject({})
const from = z.strictObject({ from: z.enum(stepNames) })
const step = z.strictObject({ step: z.enum(stepNames) })

export const buildRoutes: Route[] = [
  member('GET', '/api/builds', async (context, asked) => json({ builds: await listBuilds(context, asked.member) })),
  member('GET', '/api/builds/check', async (context, asked) => json(await checkBuild(context, asked.member))),
  worker('POST', '/api/builds', async (context, asked) =>
    json(await startBuild(context, asked.member, await jsonBody(asked.request, newBuild)), 201),
  ),
  member('GET', '/api/builds/:id', async (context, asked) => json(await showBuild(context, asked.member, asked.id))),
  member('GET', '/api/builds/:id/events', (context, asked) =>
    buildEvents(context, asked.member, asked.id, asked.request),
  ),
  worker('PUT', '/api/builds/:id', async (context, asked) =>
    json(await editBuild(context, asked.member, asked.id, await jsonBody(asked.request, edits))),
  ),
  worker('DELETE', '/api/builds/:id', async (context, asked) => {
    await deleteBuild(context, asked.member, asked.id)
    return empty()
  }),
  worker('POST', '/api/builds/:id/files', async (context, asked) =>
    json(await addFile(context, asked.member, asked.id, asked.request)),
  ),
  worker('DELETE', '/api/builds/:id/files/:item', async (context, asked) => {
    await removeFile(context, asked.member, asked.id, asked.item)
    return empty()
  }),
  worker('POST', '/api/builds/:id/next', async (context, asked) =>
    json(await goOn(context, asked.member, asked.id, (await jsonBody(asked.request, from)).from)),
  ),
  worker('POST', '/api/builds/:id/redo', async (context, asked) =>
    json(await makeAgain(context, asked.member, asked.id, (await jsonBody(asked.request, step)).step)),
  ),
  worker('POST', '/api/builds/:id/leave', async (context, asked) => {
    await jsonBody(asked.request, nothing)
    return json(await leaveBuild(context, asked.member, asked.id))
  }),
  worker('POST', '/api/builds/:id/resume', async (context, asked) => {
    await jsonBody(asked.request, nothing)
    return json(await resumeBuild(context, asked.member, asked.id))
  }),
  worker('POST', '/api/builds/:id/complete', async (context, asked) => {
    await jsonBody(asked.request, nothing)
    return json(await completeBuild(context, asked.member, asked.id))
  }),
]
