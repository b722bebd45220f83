/** Puts every route in its place. What no route takes is a problem document too, and under /v1 only for those who are known. */
import { Hono, type Context } from 'hono'
import { dataHeaders, pageHeaders } from './headers.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './openapi.ts'
import { mountOperations } from './operations.ts'
import { enter, serve, serveRoute, type Room } from './pipeline.ts'
import { notFound, Refused } from './problem.ts'
import type { Route } from './route.ts'
import { mountWebhook, webhookPath } from './webhook.ts'

export function createRouter(room: Room, routes: Route[], build: string): Hono {
  const app = new Hono()
  for (const route of routes) app.on(route.method.toUpperCase(), honoPath(route.path), serveRoute(room, route))
  mountOperations(app, room, build)
  mountDocs(app, room, routes, build)
  if (room.money) mountWebhook(app, room, room.money)

  const openPaths = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs'].map((path) => [path, 'get'] as const)
  for (const [path, method] of room.money ? [...openPaths, [webhookPath, 'post'] as const] : openPaths)
    app.all(
      path,
      serve(room, 'none', () => Promise.reject(notAllowed([method]))),
    )
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(
      honoPath(path),
      serve(room, 'none', async (c) => {
        await enter(room, c)
        throw notAllowed(methods)
      }),
    )
  }
  app.notFound(
    // Hono's type asks for a Response only; a Handler may also give nothing, which this one never does.
    (c) => unknownPath(room)(c, () => Promise.resolve()) as Promise<Response>,
  )
  return app
}

const unknownPath = (room: Room) =>
  serve(room, 'none', async (c) => {
    if (isInterface(c.req.path)) await enter(room, c)
    throw notFound()
  })

/** Also as somebody might misspell it: the answer for an unknown path must not depend on slashes and case. */
export const isInterface = (path: string): boolean => /^\/+v1(?:\/|$)/i.test(path)

/** Whether a path is ours; every other belongs to the app beside us. */
export const isOurs = (path: string): boolean =>
  isInterface(path) || /^\/+(?:stripe|healthz|readyz|metrics|openapi\.json|docs)(?:\/|$)/i.test(path)

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

function methodsByPath(routes: Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method])
  return methods
}

function notAllowed(methods: string[]): Refused {
  const allow = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ')
  return new Refused('method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })
}

/** Written once, at the first request for it: nothing else waits for it. */
function mountDocs(app: Hono, room: Room, routes: Route[], build: string): void {
  let document: string | null = null
  let page: ReturnType<typeof docsPage> | null = null
  const asDocument = () => openApiDocument(routes, build)
  app.get(
    '/openapi.json',
    serve(room, 'openapi', (_c: Context) => {
      document ??= JSON.stringify(asDocument(), null, 2)
      const headers = { ...dataHeaders, 'content-type': 'application/json', 'cache-control': 'no-cache' }
      return Promise.resolve(new Response(document, { headers }))
    }),
  )
  app.get(
    '/docs',
    serve(room, 'docs', () => {
      page ??= docsPage(asDocument())
      return Promise.resolve(new Response(page.html, { headers: pageHeaders(page.styleHash) }))
    }),
  )
}
