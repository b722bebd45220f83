import { afterEach, expect, test, vi } from 'vitest'
import { closeAll, open, until } from './houses.ts'
import { emailOf, goodPassword, idOf, joined, sessionOf, signedUp, tokenOf } from './people-of.ts'
import { must, Visitor } from './visitor.ts'
import { startMailServer } from './mail-server.ts'

vi.setConfig({ testTimeout: 90_000 })
afterEach(closeAll)

interface Sent {
  invitation: { id: string; email: string; role: string; expired: boolean; invitedBy: string }
  link: string
}

interface Invite {
  state: string
  workspace: { name: string }
  invitedBy: string
  role: string
  email: string
  hasAccount: boolean
  signedIn: { email: string; matches: boolean } | null
}

const invite = async (admin: Visitor, email: string, role = 'member'): Promise<Sent> =>
  must(await admin.post<Sent>('/api/invitations', { email, role }), 201)

const shown = async (visitor: Visitor, link: string): Promise<Invite> =>
  must(await visitor.get<Invite>(`/api/invites/${tokenOf(link)}`), 200)

const accept = (visitor: Visitor, link: string, person: object = {}) =>
  visitor.post(`/api/invites/${tokenOf(link)}/accept`, person)

const newcomer = { name: 'New Person', password: goodPassword }

test('an invitation is mailed and shown: a new person chooses name and password and is in, as what was said', async () => {
  const server = await startMailServer()
  try {
    const here = await open({ smtpUrl: server.url })
    const admin = await here.signIn('admin')
    const { invitation, link } = await invite(admin, ' New.Person@Corp.example ', 'editor')
    expect(invitation).toMatchObject({ email: 'new.person@corp.example', role: 'editor', expired: false })
    await until(() => Promise.resolve(server.mails.length === 1))
    expect(server.mails[0]).toMatchObject({
      to: 'new.person@corp.example',
      subject: 'Ada Admin invites you to Demo workspace on Ken',
    })
    // The link stands in the mail, whatever line breaks its encoding has put in.
    expect(server.mails[0]!.raw.replaceAll('=\r\n', '')).toContain(`Accept invitation: ${link}`)

    const visitor = new Visitor(here.url)
    expect(await shown(visitor, link)).toMatchObject({
      state: 'open',
      workspace: { name: 'Demo workspace' },
      invitedBy: 'Ada Admin',
      role: 'editor',
      email: 'new.person@corp.example',
      hasAccount: false,
      signedIn: null,
    })
    expect((await accept(visitor, link)).status).toBe(422)
    const { workspace } = must(await accept(visitor, link, newcomer), 200) as { workspace: { id: string } }
    expect(workspace.id).toBe('ws_demo')
    expect(await sessionOf(visitor)).toMatchObject({
      user: { name: 'New Person', email: 'new.person@corp.example' },
      role: 'editor',
    })
    expect((await admin.get('/api/invitations')).body).toEqual({ invitations: [] })
  } finally {
    await server.stop()
  }
})

test('what is kept opens no door: of a link there is a hash, and in the mail that waits it is sealed', async () => {
  const here = await open({ worker: false })
  const admin = await here.signIn('admin')
  const { link } = await invite(admin, 'x@corp.example')
  const token = tokenOf(link)
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  const { rows: tables } = await here.sql.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'ken'`,
  )
  const places: string[] = []
  for (const { name } of tables) {
    const { rowCount } = await here.sql.query(`select 1 from ken."${name}" t where t::text like '%' || $1 || '%'`, [
      token,
    ])
    if (rowCount !== 0) places.push(name)
  }
  expect(places).toEqual([])
  await here.sql.query(`update ken.mails set state = 'sent'`)
  const mails = must(await admin.get<{ data: { id: string }[] }>('/api/mails'), 200)
  const mail = must(await admin.get<{ text: string; html: string }>(`/api/mails/${mails.data[0]!.id}`), 200)
  expect(mail.text).toContain(link)
  expect(mail.html).toContain(link)
})

test('one use: of two who accept at the same moment one is in, and the link says from then on that it was used', async () => {
  const here = await open()
  const admin = await here.signIn('admin')
  const { link } = await invite(admin, 'one@corp.example')
  const tries = await Promise.all([1, 2, 3].map(() => accept(new Visitor(here.url), link, newcomer)))
  expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
  const late = await accept(new Visitor(here.url), link, newcomer)
  expect(late).toMatchObject({
    status: 409,
    body: { code: 'conflict', state: 'accepted', detail: 'This invitation has been used. Sign in to go on.' },
  })
  expect((await shown(new Visitor(here.url), link)).state).toBe('accepted')
  const { rows } = await here.sql.query('select 1 from auth."user" where email = $1', ['one@corp.example'])
  expect(rows).toHaveLength(1)
})

test('thirty who try one link at the same moment stall nobody: one is in, and it says to the others why they are not', async () => {
  const here = await open()
  const admin = await here.signIn('admin')
  const { link } = await invite(admin, 'crowd@corp.example')
  const crowd = Array.from({ length: 30 }, () => accept(new Visitor(here.url), link, newcomer))
  const statuses = (await Promise.all(crowd)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect(statuses.filter((status) => status === 429)).toHaveLength(20)
  // The rest was told that the link was used, or that the address has an account by now.
  for (const status of statuses) expect([200, 401, 409, 429]).toContain(status)
  expect((await admin.get('/api/users')).status).toBe(200)
})

test('twelve who come in at the same moment, more than there are connections, all come in', async () => {
  const here = await open({ worker: false })
  const admin = await here.signIn('admin')
  const links: string[] = []
  for (let n = 0; n < 12; n += 1) links.push((await invite(admin, `guest${n}@corp.example`)).link)
  const holder = await here.sql.connect()
  await holder.query('begin; select 1 from ken.invitations for update')
  const tries = links.map((link) => accept(new Visitor(here.url), link, newcomer))
  // Every connection of the pool is in a transaction by now.
  await until(async () => {
    const { rowCount } = await here.sql.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%for update of i%'`,
    )
    return rowCount === 10
  })
  await holder.query('rollback')
  holder.release()
  expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(links.map(() => 200))
})

test('somebody with an account signs in first; whose address is another cannot accept', async () => {
  const here = await open()
  const admin = await here.signIn('admin')
  const [ann, bob] = [await signedUp(here, 'Ann'), await signedUp(here, 'Bob')]
  const { link } = await invite(admin, emailOf('Ann'), 'viewer')
  const stranger = new Visitor(here.url)
  expect(await shown(stranger, link)).toMatchObject({ hasAccount: true, signedIn: null })
  expect(await accept(stranger, link, newcomer)).toMatchObject({
    status: 401,
    body: { detail: 'ann@people.example has an account. Sign in with it to accept the invitation.' },
  })
  expect((await shown(bob, link)).signedIn).toEqual({ email: 'bob@people.example', matches: false })
  const refused = await accept(bob, link)
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  expect((await shown(ann, link)).signedIn).toEqual({ email: 'ann@people.example', matches: true })
  must(await accept(ann, link), 200)
  expect((await sessionOf(ann)).workspaces.map(({ name, role }) => [name, role])).toEqual([
    ['Ann’s workspace', 'admin'],
    ['Demo workspace', 'viewer'],
  ])
})

test('revoked, run out after seven days, or replaced by a newer one: the link says so and lets nobody in', async () => {
  const here = await open({}, { testClock: true })
  await here.headroom.testClock.set(new Date(Date.now() + 60_000).toISOString())
  const admin = await here.signIn('admin')
  const visitor = new Visitor(here.url)

  const revoked = await invite(admin, 'revoked@corp.example')
  must(await admin.ask('DELETE', `/api/invitations/${revoked.invitation.id}`), 204)
  expect((await shown(visitor, revoked.link)).state).toBe('revoked')
  expect(await accept(visitor, revoked.link, newcomer)).toMatchObject({ status: 409, body: { state: 'revoked' } })
  expect((await admin.ask('DELETE', `/api/invitations/${revoked.invitation.id}`)).status).toBe(404)
  expect((await admin.post(`/api/invitations/${revoked.invitation.id}/resend`)).status).toBe(404)

  const old = await invite(admin, 'old@corp.example')
  await here.headroom.testClock.advance('P6DT23H59M')
  expect((await shown(visitor, old.link)).state).toBe('open')
  await here.headroom.testClock.advance('PT1M')
  expect((await shown(visitor, old.link)).state).toBe('expired')
  expect(await accept(visitor, old.link, newcomer)).toMatchObject({ status: 409, body: { state: 'expired' } })
  const list = must(await admin.get<{ invitations: Sent['invitation'][] }>('/api/invitations'), 200).invitations
  expect(list.map(({ email, expired }) => [email, expired])).toEqual([['old@corp.example', true]])

  const resent = must(await admin.post<Sent>(`/api/invitations/${old.invitation.id}/resend`), 200)
  expect(resent.link).not.toBe(old.link)
  expect((await visitor.get(`/api/invites/${tokenOf(old.link)}`)).status).toBe(404)
  expect((await accept(visitor, old.link, newcomer)).status).toBe(404)
  must(await accept(visitor, resent.link, newcomer), 200)
})

test('a member, or an address with an open invitation, is not invited again', async () => {
  const here = await open()
  const admin = await here.signIn('admin')
  const again = async (email: string) => {
    const { status, body } = await admin.post('/api/invitations', { email, role: 'viewer' })
    return [status, body.detail]
  }
  expect(await again('Editor@ken.example')).toEqual([409, 'editor@ken.example is a member already.'])
  await invite(admin, 'twice@corp.example')
  expect(await again('twice@corp.example')).toEqual([
    409,
    'twice@corp.example has an open invitation. Resend it, or revoke it first.',
  ])
  for (const [email, role] of [
    ['no address', 'viewer'],
    ['a@corp.example', 'owner'],
  ])
    expect((await admin.post('/api/invitations', { email, role })).status).toBe(422)
})

test('who is no Admin any more leaves no way back: what they invited to is revoked', async () => {
  const here = await open()
  const ann = await signedUp(here, 'Ann')
  const bob = await joined(ann, 'Bob', 'admin')
  const { link } = await invite(bob, 'bobs.friend@corp.example', 'admin')
  const own = await invite(ann, 'anns.friend@corp.example')
  must(await ann.put(`/api/users/${await idOf(bob)}`, { role: 'viewer' }), 204)
  expect((await shown(bob, link)).state).toBe('revoked')
  expect((await shown(bob, own.link)).state).toBe('open')
})

test('a mail whose link has been revoked before it went out is not sent', async () => {
  const gone = await startMailServer()
  await gone.stop()
  const here = await open({ smtpUrl: gone.url })
  const admin = await here.signIn('admin')
  const { invitation } = await invite(admin, 'waits@corp.example')
  const mail = async () => {
    const { rows } = await here.sql.query<{ state: string; attempts: number }>(
      `select state, attempts from ken.mails where kind = 'invitation'`,
    )
    return rows[0]!
  }
  await until(async () => (await mail()).attempts >= 1)
  must(await admin.ask('DELETE', `/api/invitations/${invitation.id}`), 204)
  await until(async () => {
    await here.sql.query(`update ken.jobs set run_at = now() where kind = 'mail' and locked_until is null`)
    return (await mail()).state === 'dropped'
  })
})
