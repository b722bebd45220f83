import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { house, type House } from './harness.ts'
import { closeAll, open, until } from './houses.ts'
import { emailOf, goodPassword, sessionOf, signedUp, tokenOf } from './people-of.ts'
import { must, Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 90_000 })

let here: House

beforeAll(async () => {
  here = await house()
})
afterAll(async () => {
  await closeAll()
  await here.stop()
})

const login = async (email: string, password: string) => {
  const visitor = new Visitor(here.url)
  const { status } = await visitor.post('/api/login', { email, password })
  return { visitor, status }
}

const nextPassword = 'another good one'

/** The link of the newest mail to this address, as its reader in the mailbox finds it. */
async function mailedLink(email: string, count: number): Promise<string> {
  const rows = async () => {
    const found = await here.sql.query<{ id: string; workspace_id: string; state: string }>(
      `select id, workspace_id, state from ken.mails where kind = 'password_reset' and email = $1 order by id`,
      [email],
    )
    return found.rows
  }
  await until(async () => (await rows()).length === count && (await rows()).at(-1)!.state === 'sent')
  const { id, workspace_id: workspace } = (await rows()).at(-1)!
  const { visitor } = await login(email, goodPassword)
  visitor.workspace = workspace
  const { text } = must(await visitor.get<{ text: string }>(`/api/mails/${id}`), 200)
  return /http\S+\/reset\/\S+/.exec(text)![0]
}

test('a name is saved and seen by everybody; a name of nothing is refused', async () => {
  const ann = await signedUp(here, 'Ann')
  must(await ann.put('/api/profile', { name: '  Ann \u202eMarie ' }), 204)
  expect((await sessionOf(ann)).user.name).toBe('Ann Marie')
  const { users } = must(await ann.get<{ users: { name: string }[] }>('/api/users'), 200)
  expect(users.map(({ name }) => name)).toEqual(['Ann Marie'])
  expect((await ann.put('/api/profile', { name: ' \n ' })).status).toBe(422)
})

test('a new password ends every other session, keeps this one, and needs the old one', async () => {
  const bob = await signedUp(here, 'Bob')
  const { visitor: other } = await login(emailOf('Bob'), goodPassword)
  const change = (current: string, next: string) => bob.put('/api/password', { current, next })
  expect(await change('not the old one', nextPassword)).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'current', message: 'The current password is wrong.' }] },
  })
  expect(await change(goodPassword, 'short')).toMatchObject({ status: 422, body: { errors: [{ path: 'next' }] } })
  const before = new Visitor(here.url, bob.cookie)
  must(await change(goodPassword, nextPassword), 204)
  expect((await bob.get('/api/session')).status).toBe(200)
  expect([(await other.get('/api/session')).status, (await before.get('/api/session')).status]).toEqual([401, 401])
  expect((await login(emailOf('Bob'), goodPassword)).status).toBe(401)
  expect((await login(emailOf('Bob'), nextPassword)).status).toBe(204)
})

test('wrong current passwords count as wrong passwords at sign-in do', async () => {
  const cat = await signedUp(here, 'Cat')
  for (let n = 0; n < 10; n += 1) {
    expect((await cat.put('/api/password', { current: `guess ${n}`, next: nextPassword })).status).toBe(422)
  }
  expect((await cat.put('/api/password', { current: goodPassword, next: nextPassword })).status).toBe(429)
  expect((await login(emailOf('Cat'), goodPassword)).status).toBe(429)
})

test('a forgotten password: the same answer for any address, a link by mail for one that is known, good once', async () => {
  const dan = await signedUp(here, 'Dan')
  const ask = (email: string) => new Visitor(here.url).post('/api/forgot', { email })
  expect((await ask('nobody@people.example')).status).toBe(204)
  expect((await ask(' DAN@people.example')).status).toBe(204)
  const first = await mailedLink(emailOf('Dan'), 1)
  expect((await ask(emailOf('Dan'))).status).toBe(204)
  const link = await mailedLink(emailOf('Dan'), 2)
  const { rows } = await here.sql.query('select 1 from ken.mails where email = $1', ['nobody@people.example'])
  expect(rows).toEqual([])

  const reset = (url: string, password: string) =>
    new Visitor(here.url).post(`/api/resets/${tokenOf(url)}`, { password })
  const expired = { status: 409, body: { state: 'expired' } }
  const stranger = new Visitor(here.url)
  // A link stays good while others are asked for: whoever did that may be anybody.
  expect((await stranger.get(`/api/resets/${tokenOf(first)}`)).body).toEqual({ email: 'dan@people.example' })
  expect(await reset(`${link.slice(0, -3)}xyz`, nextPassword)).toMatchObject(expired)
  expect((await stranger.get(`/api/resets/${tokenOf(link)}`)).body).toEqual({ email: 'dan@people.example' })
  expect((await reset(link, 'short')).status).toBe(422)
  expect((await dan.get('/api/session')).status).toBe(200)
  const both = await Promise.all([reset(link, nextPassword), reset(link, 'a third password')])
  expect(both.map(({ status }) => status).sort((one, other) => one - other)).toEqual([204, 409])
  expect(await reset(link, nextPassword)).toMatchObject({ status: 409, body: { state: 'used' } })
  expect(await reset(first, nextPassword)).toMatchObject(expired)
  // Whoever was signed in has to know the new one.
  expect((await dan.get('/api/session')).status).toBe(401)
  expect((await login(emailOf('Dan'), goodPassword)).status).toBe(401)
  const works = both[0].status === 204 ? nextPassword : 'a third password'
  expect((await login(emailOf('Dan'), works)).status).toBe(204)
})

test('after an hour the link is worth nothing, and after three of them no more are sent; nobody is told', async () => {
  await signedUp(here, 'Eva')
  const ask = async (email: string) => (await new Visitor(here.url).post('/api/forgot', { email })).status
  expect(await ask(emailOf('Eva'))).toBe(204)
  const link = await mailedLink(emailOf('Eva'), 1)
  await here.sql.query(`update ken.password_resets set expires_at = expires_at - interval '60 minutes'`)
  expect(await new Visitor(here.url).get(`/api/resets/${tokenOf(link)}`)).toMatchObject({
    status: 409,
    body: { state: 'expired' },
  })
  for (let n = 0; n < 4; n += 1) expect(await ask(emailOf('Eva'))).toBe(204)
  const { rows } = await here.sql.query(`select 1 from ken.mails where kind = 'password_reset' and email = $1`, [
    emailOf('Eva'),
  ])
  expect(rows).toHaveLength(3)
  const unknown = 'whoever@people.example'
  for (let n = 0; n < 4; n += 1) expect(await ask(unknown)).toBe(204)
})

test('two links of one person used at the same moment: one sets the password', async () => {
  await signedUp(here, 'Fay')
  const links: string[] = []
  for (const count of [1, 2]) {
    must(await new Visitor(here.url).post('/api/forgot', { email: emailOf('Fay') }), 204)
    links.push(await mailedLink(emailOf('Fay'), count))
  }
  const answers = await Promise.all(
    links.map((link) => new Visitor(here.url).post(`/api/resets/${tokenOf(link)}`, { password: nextPassword })),
  )
  expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([204, 409])
})

test('links and tries that are long over are swept away', async () => {
  const gone = await open({ lookSeconds: 0.1 })
  await gone.sql.query(`insert into ken.attempts (door, name, attempts, window_start) values
    ('password', 'old', 1, now() - interval '25 hours'), ('password', 'new', 1, now())`)
  await gone.sql.query(`insert into ken.password_resets (user_id, id, token_hash, expires_at, used_at) values
    ('u', 'old', 'old', now() - interval '25 hours', null), ('u', 'used', 'used', now() - interval '25 hours', now()),
    ('u', 'new', 'new', now() - interval '1 hour', now())`)
  const left = async () => {
    const { rows } = await gone.sql.query<{ name: string }>(
      `select name from ken.attempts where door = 'password' union all select id from ken.password_resets`,
    )
    return rows.map(({ name }) => name)
  }
  await until(async () => (await left()).length === 2)
  expect(await left()).toEqual(['new', 'new'])
})

test('one click signs in a demo user also after somebody has changed the password', async () => {
  const editor = await here.signIn('editor')
  must(await editor.put('/api/password', { current: 'ken-demo-editor', next: nextPassword }), 204)
  expect((await login('editor@ken.example', nextPassword)).status).toBe(204)
  const again = await here.signIn('editor')
  expect((await sessionOf(again)).user.name).toBe('Edda Editor')
  expect((await login('editor@ken.example', 'ken-demo-editor')).status).toBe(204)
})
