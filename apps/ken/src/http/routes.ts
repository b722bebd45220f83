/** Ken's HTTP interface: all its routes, and what every answer has in common. */
import { HeadroomError } from '@headroom/sdk'
import { buildRoutes } from '../builds/routes.ts'
import { campaignRoutes } from '../campaigns/routes.ts'
import type { Context } from '../context.ts'
import { isOutOfReach } from '../database.ts'
import { directoryRoutes } from '../directory/routes.ts'
import { helpRoutes } from '../help/routes.ts'
import { importRoutes } from '../imports/routes.ts'
import { ledgerRoutes } from '../ledger/routes.ts'
import { mailRoutes } from '../mail/routes.ts'
import { peopleRoutes } from '../people/routes.ts'
import { mustBeOurPage } from '../people/session.ts'
import { isOneClick, sendingRoutes } from '../sending/routes.ts'
import { notFound, Problem, problemOfHeadroom, problemResponse } from './problem.ts'
import { dropBody } from './request.ts'
import type { Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'

/** In the order they are looked through. */
export const routes: Route[] = [
  ...peopleRoutes,
  ...mailRoutes,
  ...campaignRoutes,
  ...importRoutes,
  ...ledgerRoutes,
  ...helpRoutes,
  ...directoryRoutes,
  ...buildRoutes,
  ...sendingRoutes,
]

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
  for (const [name, value] of securityHeaders(context, 'data')) headers.set(name, value)
  headers.set('Cache-Control', 'no-store')
  const bare = request.method === 'HEAD'
  if (bare) void response.body?.cancel()
  return new Response(bare ? null : response.body, { status: response.status, headers })
}

async function answer(context: Context, request: Request): Promise<Response> {
  const url = new URL(request.url)
  // A mail program's unsubscribe button comes from anywhere, and its path alone says what it may do.
  if (!isOneClick(request.method, url.pathname)) mustBeOurPage(request, context.publicUrl)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const allowed: string[] = []
  for (const route of routes) {
    const match = route.pattern.exec(url.pathname)
    if (!match) continue
    if (route.method === method) {
      const { id = '', item = '' } = match.groups ?? {}
      return route.answer(context, { request, url, id, item })
    }
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
