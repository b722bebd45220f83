/** The web app's files and pages. Which page somebody gets is decided here, before anything is sent: a typed address is a request too. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import type { Context } from '../context.ts'
import { Problem, problemResponse, type ProblemCode } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import { readerOf } from '../people/session.ts'

const token = '[A-Za-z0-9_-]{1,200}'
/** Pages anyone may open, and pages for members, as the web app knows them. */
const publicPages = new RegExp(
  `^/(?:login|signup|forgot|invite/${token}|reset/${token}|unsubscribe/${token}|help/(?:usage-credits-and-limits|contact))$`,
)
const memberPages =
  /^\/(?:campaigns(?:\/[A-Za-z0-9_-]+)?|settings(?:\/(?:profile|users|billing(?:\/(?:return|ledger))?))?)?$/
const isPage = (path: string, { mailbox }: Context) =>
  publicPages.test(path) || memberPages.test(path) || (mailbox && path === '/mailbox')

/** Billing, the ledger, and where a payment page returns to. */
const billingPages = /^\/settings\/billing(?:\/[a-z-]+)?$/

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Answers a request for a page or a file. Elsewhere somebody who typed an address gets the app's "not found", everything else a
 * problem document. Never throws.
 */
export async function answerPage(context: Context, request: Request): Promise<Response> {
  const response = await answer(context, request).catch((error: unknown) => {
    context.log('error', { error: String(error) }, 'a page could not be served')
    return refusal('unavailable', 'Ken cannot answer right now. Try again in a moment.', { 'Retry-After': '5' })
  })
  for (const [name, value] of securityHeaders(context, 'page')) response.headers.set(name, value)
  return response
}

async function answer(context: Context, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const known = isPage(url.pathname, context) || billingPages.test(url.pathname)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const bare = url.pathname.replace(/\/$/, '')
  if (!known && reads && bare !== '' && isPage(bare, context)) return redirect(bare + url.search, 308)
  // There is one article; whoever types less of its address means it.
  if (reads && bare === '/help') return redirect(`/help/usage-credits-and-limits${url.search}`)
  const file = known ? null : await fileOf(context.webRoot, url.pathname)
  const navigates = reads && (request.headers.get('accept') ?? '').includes('text/html')
  if (!known && !file && !navigates) return refusal('not_found', 'There is nothing here by that name.', {})
  if (!reads) {
    return refusal('method_not_allowed', 'This path takes GET, HEAD.', { Allow: 'GET, HEAD' })
  }
  const response = file ?? (await pageOf(context, request, url))
  return request.method === 'HEAD' ? new Response(null, response) : response
}

async function pageOf(context: Context, request: Request, url: URL): Promise<Response> {
  const isBilling = billingPages.test(url.pathname)
  if (isBilling || (isPage(url.pathname, context) && !publicPages.test(url.pathname))) {
    const wanted = url.searchParams.get('workspace')
    const member = await readerOf(context.auth, context.database, request.headers, wanted)
    if (!member)
      return redirect(url.pathname === '/' ? '/login' : `/login?next=${encodeURIComponent(url.pathname + url.search)}`)
    // Billing is for Admins; everyone else has a profile to look at instead (help page, "The Billing page redirects").
    if (isBilling && member.role !== 'admin') {
      return redirect(`/settings/profile${wanted === null ? '' : `?workspace=${encodeURIComponent(wanted)}`}`)
    }
  }
  const index = context.webRoot === null ? null : await readFile(join(context.webRoot, 'index.html')).catch(() => null)
  if (index === null)
    return new Response(notBuilt, {
      status: 503,
      headers: { 'Content-Type': types['.html']!, 'Cache-Control': 'no-store' },
    })
  return new Response(index, {
    status: isPage(url.pathname, context) ? 200 : 404,
    headers: { 'Content-Type': types['.html']!, 'Cache-Control': 'no-store' },
  })
}

const redirect = (to: string, status = 302) =>
  new Response(null, { status, headers: { Location: to, 'Cache-Control': 'no-store' } })

/** A file of the web app. What has a hash in its name never changes; the rest is asked for again. */
async function fileOf(webRoot: string | null, path: string): Promise<Response | null> {
  if (webRoot === null || !/^\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.\w+$/.test(path)) return null
  const type = types[extname(path)]
  if (type === undefined || path === '/index.html') return null
  const content = await readFile(join(webRoot, normalize(path))).catch(() => null)
  if (content === null) return null
  const hashed = path.startsWith('/assets/')
  return new Response(content, {
    headers: { 'Content-Type': type, 'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache' },
  })
}

function refusal(code: ProblemCode, detail: string, headers: Record<string, string>): Response {
  return problemResponse(new Problem(code, detail, { headers }), crypto.randomUUID())
}

const notBuilt = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Ken is not built</title></head>
  <body>
    <h1>The web app is not built</h1>
    <p>Stop the server and start it with <code>npm start</code>, which builds what is missing. The API answers meanwhile.</p>
  </body>
</html>
`
