/** Ken's HTTP interface: which path takes which method, who may ask, and what answers. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { HeadroomError } from '@headroom/sdk'
import * as z from 'zod'
import { isOutOfReach } from '../database.ts'
import { createCampaign, listCampaigns, listContacts, showCampaign } from '../campaigns/campaigns.ts'
import type { Context } from '../context.ts'
import { newCampaign } from '../campaigns/criteria.ts'
import { demoLogins } from '../demo/demo.ts'
import { cancelImport, showImport, startImport } from '../imports/imports.ts'
import { importEvents } from '../imports/events.ts'
import { listMails, showMail } from '../mail/mailbox.ts'
import { planImport, targetOf } from '../imports/plan.ts'
import { notFound, Problem, problemOfHeadroom, problemResponse } from './problem.ts'
import { dropBody, jsonBody, parameter } from './request.ts'
import { memberOf, mustBeOurPage, mustWork, type Member } from '../people/session.ts'
import { takeUpload } from '../imports/uploads.ts'

interface Asked {
  request: Request
  url: URL
  /** What stands in the path where the route has `:id`. */
  id: string
}

type Answer = Promise<Response> | Response

interface Route {
  method: 'GET' | 'POST'
  pattern: RegExp
  answer: (context: Context, asked: Asked) => Answer
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

const emptyWith = (cookies: string[]) => {
  const headers = new Headers()
  for (const cookie of cookies) headers.append('Set-Cookie', cookie)
  return new Response(null, { status: 204, headers })
}

const open = (method: Route['method'], path: string, answer: Route['answer']): Route => ({
  method,
  pattern: new RegExp(`^${path.replace(':id', '([A-Za-z0-9_-]{1,100})')}$`),
  answer,
})

/** A route that only signed-in members reach. */
const member = (
  method: Route['method'],
  path: string,
  answer: (context: Context, asked: Asked & { member: Member }) => Answer,
): Route =>
  open(method, path, async (context, asked) => {
    const found = await memberOf(context.auth, context.database, asked.request.headers)
    if (!found) throw new Problem('unauthenticated', 'Sign in first.', { demo: context.demo, build: context.build })
    return answer(context, { ...asked, member: found })
  })

/** A route for members who may start things. */
const worker: typeof member = (method, path, answer) =>
  member(method, path, (context, asked) => {
    mustWork(asked.member)
    return answer(context, asked)
  })

const nothing = z.strictObject({})
const credentials = z.strictObject({ email: z.string().max(254), password: z.string().max(200) })
const demoRole = z.strictObject({ role: z.enum(['admin', 'editor', 'member', 'viewer']) })
const importRequest = z.strictObject({ target: z.unknown().optional() })

const routes: Route[] = [
  member('GET', '/api/session', ({ build, demo, mailbox }, { member: { userId: id, name, email, workspace, role } }) =>
    json({ user: { id, name, email }, workspace, role, build, demo, mailbox }),
  ),
  open('POST', '/api/login', async ({ auth }, { request }) => {
    const { email, password } = await jsonBody(request, credentials)
    return emptyWith(await auth.signIn(email, password, request.headers))
  }),
  open('POST', '/api/demo-login', async ({ auth, demo }, { request }) => {
    if (!demo) throw notFound()
    const { role } = await jsonBody(request, demoRole)
    const login = demoLogins.find((one) => one.role === role)!
    return emptyWith(await auth.signInKnown(login.email, login.password, request.headers))
  }),
  open('POST', '/api/logout', logout),
  member('GET', '/api/token', async ({ headroom }, { member: { userId, role, workspace } }) =>
    json(await headroom.createToken(workspace.id, { role, viewerId: userId })),
  ),
  member('GET', '/api/mails', async (context, { member: reader, url }) =>
    json(await listMails(context, reader, parameter(url, 'cursor'))),
  ),
  member('GET', '/api/mails/:id', async (context, { member: reader, id }) => json(await showMail(context, reader, id))),
  member('GET', '/api/campaigns', async (context, asked) =>
    json({ campaigns: await listCampaigns(context, asked.member) }),
  ),
  worker('POST', '/api/campaigns', async (context, asked) =>
    json(await createCampaign(context, asked.member, await jsonBody(asked.request, newCampaign)), 201),
  ),
  member('GET', '/api/campaigns/:id', async (context, asked) =>
    json(await showCampaign(context, asked.member, asked.id)),
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
  worker('POST', '/api/campaigns/:id/uploads', async (context, asked) =>
    json({ upload: await takeUpload(context, asked.member, asked.id, asked.request) }, 201),
  ),
  member('GET', '/api/uploads/:id/plan', async (context, { member: reader, id, url }) =>
    json(await planImport(context, reader, id, targetOf(parameter(url, 'target')))),
  ),
  worker('POST', '/api/uploads/:id/imports', async (context, asked) => {
    const { target } = await jsonBody(asked.request, importRequest)
    return json(await startImport(context, asked.member, asked.id, targetOf(target)), 201)
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

/** Ends the session here, and with it the tokens the pages of this person hold for Headroom. */
async function logout({ auth, database, headroom, log }: Context, { request }: Asked): Promise<Response> {
  const leaving = await memberOf(auth, database, request.headers)
  const cookies = await auth.signOut(request.headers)
  if (leaving) {
    // Nobody is kept signed in because Headroom does not answer: a token ends by itself within a quarter of an hour.
    await headroom.endTokens(leaving.workspace.id, leaving.userId, { timeoutMs: 2_000 }).catch((error: unknown) => {
      log('warn', { error: String(error) }, 'the tokens of someone who signed out could not be ended')
    })
  }
  return emptyWith(cookies)
}

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

/** Answers a request below /api; never throws. Whatever goes wrong is a problem document, and what is our fault is logged. */
export async function answerApi(context: Context, request: Request): Promise<Response> {
  const requestId = crypto.randomUUID()
  const response = await answer(context, request).catch(async (error: unknown) => {
    const dropped = await dropBody(request)
    const refusal = refusalOf(context, error, requestId)
    if (!dropped) refusal.headers.set('Connection', 'close')
    return refusal
  })
  const headers = new Headers(response.headers)
  headers.set('X-Request-Id', requestId)
  headers.set('X-Build', context.build)
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Cache-Control', 'no-store')
  const bare = request.method === 'HEAD'
  if (bare) void response.body?.cancel()
  return new Response(bare ? null : response.body, { status: response.status, headers })
}

async function answer(context: Context, request: Request): Promise<Response> {
  const url = new URL(request.url)
  mustBeOurPage(request, context.publicUrl)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const allowed: string[] = []
  for (const route of routes) {
    const match = route.pattern.exec(url.pathname)
    if (!match) continue
    if (route.method === method) return route.answer(context, { request, url, id: match[1] ?? '' })
    allowed.push(...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  }
  if (allowed.length === 0) throw notFound()
  throw new Problem('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
    headers: { Allow: allowed.join(', ') },
  })
}

function refusalOf({ log }: Context, error: unknown, requestId: string): Response {
  if (error instanceof HeadroomError) {
    log('warn', { requestId, error: error.message }, 'Headroom refused or did not answer')
    return problemResponse(problemOfHeadroom(error), requestId)
  }
  if (error instanceof Problem) return problemResponse(error, requestId)
  log('error', { requestId, error: error instanceof Error ? error.stack : String(error) }, 'a request failed')
  if (isOutOfReach(error)) {
    const headers = { 'Retry-After': '5' }
    return problemResponse(
      new Problem('unavailable', 'Ken cannot answer right now. Try again in a moment.', { headers }),
      requestId,
    )
  }
  return problemResponse(
    new Problem('internal', 'Something broke on our side. Give support the request id.'),
    requestId,
  )
}
