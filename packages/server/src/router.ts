/** Puts every route in its place. What no route takes is a problem document too, and under /v1 only for those who are known. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Asked, type Params } from './asked.ts'
import { docsPage } from './docs-page.ts'
import { pageHeaders } from './headers.ts'
import { openApiDocument } from './openapi.ts'
import { operations } from './operations.ts'
import { enter, serve, serveRoute, type Handler, type Room } from './pipeline.ts'
import { Places } from './places.ts'
import { notFound, Refused, type Reply } from './problem.ts'
import type { Route } from './route.ts'
import type { Target } from './target.ts'
import { webhook } from './webhook.ts'

/** A route outside the interface: no key, and not in its document. */
export interface OpenRoute {
  name: string
  method: 'get' | 'post'
  path: string
  answer: (asked: Asked) => Promise<Reply>
}

export type Router = (incoming: IncomingMessage, outgoing: ServerResponse, target: Target) => Promise<void>

export function createRouter(room: Room, routes: Route[], build: string): Router {
  const open = [
    ...operations(room, build),
    ...documentation(routes, build),
    ...(room.money ? [webhook(room.money)] : []),
  ]
  const places = new Places<{ handlers: Map<string, Handler>; otherwise: Handler }>()
  const put = (path: string, handlers: [method: string, handler: Handler][], isOpen: boolean) => {
    const methods = handlers.flatMap(([method]) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    const otherwise = serve(room, 'none', async (asked) => {
      if (!isOpen) await enter(room, asked)
      throw notAllowed(methods.join(', '))
    })
    places.put(path, { handlers: new Map(handlers), otherwise })
  }
  for (const [path, those] of byPath(routes))
    put(
      path,
      those.map((route) => [route.method.toUpperCase(), serveRoute(room, route)]),
      false,
    )
  for (const { name, method, path, answer } of open)
    put(path, [[method.toUpperCase(), serve(room, name, answer)]], true)

  const unknown = serve(room, 'none', async (asked) => {
    if (isInterface(asked.path)) await enter(room, asked)
    throw notFound()
  })
  return (incoming, outgoing, target) => {
    const found = places.find(target.path)
    const params: Params = { workspace: '', id: '', meter: '' }
    if (found) for (const [index, name] of found.names.entries()) params[name as keyof Params] = found.values[index]!
    const asked = new Asked(incoming, target, params)
    if (!found) return unknown(asked, outgoing)
    const { handlers, otherwise } = found.thing
    // The connection leaves the body out of what it sends for HEAD.
    const handler = handlers.get(asked.method === 'HEAD' ? 'GET' : asked.method) ?? otherwise
    return handler(asked, outgoing)
  }
}

/** Also as somebody might misspell it: the answer for an unknown path must not depend on slashes and case. */
export const isInterface = (path: string): boolean => /^\/+v1(?:\/|$)/i.test(path)

/** Whether a path is ours; every other belongs to the app beside us. */
export const isOurs = (path: string): boolean =>
  isInterface(path) || /^\/+(?:stripe|healthz|readyz|metrics|openapi\.json|docs)(?:\/|$)/i.test(path)

function byPath(routes: Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>()
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route])
  return paths
}

const notAllowed = (allow: string): Refused =>
  new Refused('method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })

/** Written once, at the first request for it: nothing else waits for it. */
function documentation(routes: Route[], build: string): OpenRoute[] {
  let document: string | null = null
  let page: ReturnType<typeof docsPage> | null = null
  const asDocument = () => openApiDocument(routes, build)
  return [
    {
      name: 'openapi',
      method: 'get',
      path: '/openapi.json',
      answer() {
        document ??= JSON.stringify(asDocument(), null, 2)
        return Promise.resolve({ status: 200, body: {}, text: document, headers: { 'cache-control': 'no-cache' } })
      },
    },
    {
      name: 'docs',
      method: 'get',
      path: '/docs',
      answer() {
        page ??= docsPage(asDocument())
        return Promise.resolve({ status: 200, body: {}, text: page.html, headers: pageHeaders(page.styleHash) })
      },
    },
  ]
}
