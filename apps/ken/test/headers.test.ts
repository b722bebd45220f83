/** What every answer of Ken's carries: each route and each page is asked, let in or refused. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createKen } from '../src/index.ts'
import { routes } from '../src/http/routes.ts'
import { house, type House } from './harness.ts'
import type { Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 60_000 })

const webRoot = mkdtempSync(join(tmpdir(), 'ken-web-'))
mkdirSync(join(webRoot, 'assets'))
writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Ken</title>')
writeFileSync(join(webRoot, 'assets', 'main-abc123.js'), 'export {}')

let here: House
let admin: Visitor
beforeAll(async () => {
  here = await house({ webRoot })
  admin = await here.signIn('admin')
}, 60_000)
afterAll(async () => {
  await here.stop()
  rmSync(webRoot, { recursive: true })
})

const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'x-build': 'test-build',
}

function carries(headers: Headers, policy: string, what: string): void {
  const sent = Object.fromEntries(headers)
  expect(sent, what).toMatchObject(common)
  expect(sent['content-security-policy'], what).toBe(policy)
  expect(sent['strict-transport-security'], 'said over https alone').toBeUndefined()
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) expect(sent[name], what).toBeUndefined()
}

const forData = "default-src 'none'; frame-ancestors 'none'"
const forPages =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self' https://checkout.stripe.com https://billing.stripe.com"

test('every route, signed in and signed out, and what is no route', async () => {
  const asked = [
    ...routes,
    { method: 'GET', path: '/api/nothing' },
    { method: 'PATCH', path: '/api/campaigns' },
  ] as const
  for (const { method, path } of asked) {
    for (const cookie of [admin.cookie, '']) {
      if (path === '/api/logout' && cookie !== '') continue
      const aborted = new AbortController()
      const { headers } = await fetch(here.url + path.replace(':id', 'nothing').replace(':item', 'nothing'), {
        method,
        signal: aborted.signal,
        headers: { Origin: here.url, Cookie: cookie },
      })
      aborted.abort()
      carries(headers, forData, `${method} ${path}`)
      expect(headers.get('cache-control'), path).toBe('no-store')
    }
  }
})

test('every page and file, also one that is not there, refused, or somewhere else', async () => {
  const paths = [
    '/',
    '/login',
    '/campaigns',
    '/campaigns/cmp_demo',
    '/campaigns/',
    '/settings/billing',
    '/mailbox',
    '/foo',
  ]
  for (const path of [...paths, '/assets/main-abc123.js', '/assets/none.js', '/invite/x', '/help/contact']) {
    for (const Cookie of [admin.cookie, '']) {
      for (const Accept of ['text/html', '*/*']) {
        const asked = { redirect: 'manual', headers: { Cookie, Accept } } as const
        carries((await fetch(here.url + path, asked)).headers, forPages, path)
      }
    }
  }
  carries((await fetch(`${here.url}/login`, { method: 'POST' })).headers, forPages, 'POST /login')
})

test('over https every answer says that it stays so', async () => {
  const ken = await createKen({ ...here.options, publicUrl: 'https://ken.example', worker: false })
  for (const path of ['/login', '/foo', '/api/session', '/api/nothing', '/assets/main-abc123.js', '/campaigns/']) {
    const { headers } = await ken.fetch(new Request(`https://ken.example${path}`))
    expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000')
  }
  await ken.stop()
})
