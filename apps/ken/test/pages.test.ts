import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '@headroom/sdk'
import { house, type House } from './harness.ts'
import { Visitor } from './visitor.ts'

const webRoot = mkdtempSync(join(tmpdir(), 'ken-web-'))
mkdirSync(join(webRoot, 'assets'))
writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Ken</title>')
writeFileSync(join(webRoot, 'assets', 'main-abc123.js'), 'export {}')
writeFileSync(join(webRoot, 'favicon.svg'), '<svg/>')

let here: House
const signedIn = new Map<Role, Visitor>()
const as = (role: Role) => signedIn.get(role)!

beforeAll(async () => {
  here = await house({ webRoot })
  for (const role of ['admin', 'editor', 'member', 'viewer'] as const) signedIn.set(role, await here.signIn(role))
})
afterAll(async () => {
  await here.stop()
  rmSync(webRoot, { recursive: true })
})

test('pages: signed out they lead to sign-in and back, and carry strict headers', async () => {
  const visitor = new Visitor(here.url)
  expect((await visitor.get('/campaigns/new?x=1')).headers.get('location')).toBe(
    '/login?next=%2Fcampaigns%2Fnew%3Fx%3D1',
  )
  expect((await visitor.get('/')).headers.get('location')).toBe('/login')
  const page = await visitor.get('/login')
  expect(page.status).toBe(200)
  expect(page.headers.get('cache-control')).toBe('no-store')
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  for (const name of [
    'x-content-type-options',
    'referrer-policy',
    'cross-origin-opener-policy',
    'permissions-policy',
  ]) {
    expect(page.headers.get(name), name).not.toBeNull()
  }
  expect((await visitor.ask('HEAD', '/login')).status).toBe(200)
})

test('files: what has a hash in its name may be kept for ever; nothing outside the web app can be read', async () => {
  const visitor = new Visitor(here.url)
  const script = await visitor.get('/assets/main-abc123.js')
  expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect((await visitor.get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
  for (const path of [
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/none.js',
    '/index.html',
  ]) {
    expect((await visitor.get(path)).status, path).toBe(404)
  }
})

test('an unknown address opened in a browser is the app’s own not-found page; a slash too many is taken away', async () => {
  const navigate = (visitor: Visitor, path: string, method = 'GET') =>
    visitor.ask(method, path, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  for (const visitor of [as('admin'), new Visitor(here.url)]) {
    for (const path of ['/foo', '/foo/', '/campaigns/a/b', '/settings/nothing', '/login/x', '//campaigns/']) {
      const { status, headers } = await navigate(visitor, path)
      expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8'])
      expect(headers.get('content-security-policy')).not.toBeNull()
    }
    expect((await navigate(visitor, '/foo', 'HEAD')).status).toBe(404)
    expect((await navigate(visitor, '/foo', 'POST')).headers.get('content-type')).toBe('application/problem+json')
    expect((await navigate(visitor, '/api/foo')).headers.get('content-type')).toBe('application/problem+json')
    const moved: [from: string, to: string][] = [
      ['/campaigns/', '/campaigns'],
      ['/campaigns/cmp_demo/?x=1', '/campaigns/cmp_demo?x=1'],
      ['/settings/billing/', '/settings/billing'],
      ['/login/', '/login'],
    ]
    for (const [from, to] of moved) {
      const { status, headers } = await navigate(visitor, from)
      expect([from, status, headers.get('location')]).toEqual([from, 308, to])
    }
    for (const [from, more] of [
      ['/help', ''],
      ['/help/?workspace=ws_a', '?workspace=ws_a'],
    ] as const) {
      const { status, headers } = await navigate(visitor, from)
      expect([status, headers.get('location')]).toEqual([302, `/help/usage-credits-and-limits${more}`])
    }
  }
})
