/** What every answer of Headroom's carries: each route is asked, let in, refused, and refused before there is a request. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../src/routes/index.ts'
import { openRoom, slowly, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ payments: true })
  await room.workspace({ id: 'ws_1' })
}, slowly)
afterAll(() => room.stop())

const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin',
  'strict-transport-security': 'max-age=31536000',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}
const forData = { ...common, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }

test('every route, with a key and without, and what is no route', async () => {
  const paths = routes({ testClock: false, money: true }).map(({ method, path }) => [method.toUpperCase(), path])
  for (const [method, path] of [
    ...paths,
    ['GET', '/v1/nothing'],
    ['PATCH', '/v1/catalog'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/metrics'],
    ['POST', '/stripe/webhook'],
  ]) {
    for (const key of [room.key, null]) {
      const target = path!.replace('{workspace}', 'ws_1').replace('{id}', 'nothing').replace('{meter}', 'leads')
      const isStream = target.endsWith('/events')
      const { headers } = await room.ask(isStream ? 'HEAD' : method!, target, { key })
      const sent = Object.fromEntries(headers)
      expect(sent, `${method} ${path}`).toMatchObject(forData)
      expect(sent['cache-control'], path).toMatch(/no-store|no-cache/)
      expect(sent['x-request-id'], path).toMatch(/^req_/)
      for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie'])
        expect(sent[name], `${method} ${path} ${name}`).toBeUndefined()
    }
  }
})

test('the page of the documentation has no script, and its style by its hash alone', async () => {
  const { headers, text } = await room.ask('GET', '/docs', { key: null })
  expect(Object.fromEntries(headers)).toMatchObject(common)
  const policy = headers.get('content-security-policy')!
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  )
  expect(policy).not.toContain('unsafe')
  expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i)
})

test('what is refused before there is a request carries them too', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(room.url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (data) => (text += String(data))).on('close', () => resolve(text))
    socket.write('GET /healthz HTTP/1.1\nHost: x\n\n')
  })
  for (const [name, value] of Object.entries(forData))
    expect(answer.toLowerCase()).toContain(`${name}: ${value}`.toLowerCase())
})
