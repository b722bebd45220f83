/** What is held about somebody is found, given out and forgotten; the books neither notice nor change. */
import { forgetDeliveries, heldDeliveries, verifyLedger } from '@headroom/engine'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addressOf, exportOf, forget as forgetAddress } from '../src/privacy/index.ts'
import { launch, oneStep, ready, recipients, sentAndCounted } from './campaign.ts'
import { house, type House } from './harness.ts'
import { joined, signedUp } from './people-of.ts'
import { must, Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 120_000 })

let here: House
beforeAll(async () => {
  here = await house({ lookSeconds: 0.2 })
}, 60_000)
afterAll(() => here.stop())

const forget = (email: string) => forgetAddress(here.sql, addressOf(email))
const given = (email: string) => exportOf(here.sql, addressOf(email))

/** All that a dump of the database would hold, every schema and every table, as text. */
async function dump(): Promise<string> {
  const superuser = new pg.Client({ connectionString: here.database.adminUrl })
  await superuser.connect()
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('ken', 'auth', 'headroom')`,
  )
  const texts = []
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ text: string }>(
      `select string_agg(t::text, e'\\n') as text from ${name} t`,
    )
    texts.push(rows[0]!.text)
  }
  await superuser.end()
  return texts.join('\n')
}

test('a member is forgotten: their account, sessions, mails and invitations; what they did stays under an id', async () => {
  const ann = await signedUp(here, 'Ann Ahlberg')
  const bea = await joined(ann, 'Beatrix Quist', 'admin')
  const { user } = must(await bea.get<{ user: { id: string; email: string } }>('/api/session'), 200)
  must(await bea.post('/api/forgot', { email: user.email }), 204)
  must(await bea.post('/api/invitations', { email: 'friend@people.example', role: 'viewer' }), 201)
  const { token } = must(await bea.get<{ token: string }>('/api/token'), 200)
  const usage = () =>
    fetch(`${here.url}/v1/workspaces/${ann.workspace}/usage`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await usage()).status).toBe(200)

  const held = await given(user.email)
  expect(new Set(held.map(({ table }) => table))).toEqual(
    new Set([
      'auth."user"',
      'auth.account',
      'auth.session',
      'ken.invitations',
      'ken.mails',
      'ken.members',
      'ken.password_resets',
    ]),
  )
  expect(JSON.stringify(held)).not.toMatch(/"(?:password|token|token_hash|sealed_token)":/)
  expect(await dump()).toContain('Beatrix Quist')

  const forgotten = await forget(user.email.toUpperCase())
  expect(forgotten).toMatchObject({ left: [], namesakes: [] })
  const text = await dump()
  for (const gone of [user.email, 'Beatrix', 'Quist']) expect(text).not.toContain(gone)
  expect((await bea.get('/api/session')).status).toBe(401)
  await vi.waitFor(async () => expect((await usage()).status).toBe(401), { timeout: 30_000, interval: 100 })
  expect(must(await ann.get<{ users: unknown[] }>('/api/users'), 200).users).toHaveLength(1)
  expect(await forget(user.email)).toEqual({ rows: 0, left: [], namesakes: [] })
})

test('whoever has an address that theirs is a part of is neither given out nor forgotten', async () => {
  const ann = await signedUp(here, 'Ann Short')
  const joann = await signedUp(here, 'Joann Short')
  const [email, other] = ['ann.short@people.example', 'joann.short@people.example']
  must(await joann.post('/api/forgot', { email: other }), 204)
  must(await joann.post('/api/invitations', { email: 'ann.short@people.example.org', role: 'viewer' }), 201)
  const before = JSON.stringify(await given(other))
  expect(before).toContain('ken.mails')
  expect(JSON.stringify(await given(email))).not.toContain('joann')

  expect(await forget(email)).toMatchObject({ left: [] })
  expect((await ann.get('/api/session')).status).toBe(401)
  expect((await joann.get('/api/session')).status).toBe(200)
  expect(JSON.stringify(await given(other))).toBe(before)
})

test('an address is found in whatever is around it, and in no longer one', async () => {
  const { mention } = addressOf('Ann+x@Firm.example')
  const finds = async (text: string) =>
    (await here.sql.query<{ found: boolean }>('select to_jsonb($1::text)::text ~* $2 as found', [text, mention]))
      .rows[0]!.found
  const email = 'ann+x@firm.example'
  for (const text of [
    email,
    `Ann <${email}>`,
    `at ${email}.`,
    `a\n${email}\tb`,
    `'${email}'`,
    `mailto:${email}?subject=`,
  ])
    expect([text, await finds(text)]).toEqual([text, true])
  for (const text of [
    `jo${email}`,
    `jo.${email}`,
    `o'${email}`,
    `${email}.org`,
    `${email}-inc.example`,
    'annx@firm.example',
  ])
    expect([text, await finds(text)]).toEqual([text, false])
  for (const text of ['ann', 'ann@', '@firm.example', 'ann@firm', ''])
    expect(() => addressOf(text), text).toThrow('is not an email address')
})

test('a contact is found however their address is written, and in rows that were of no use', async () => {
  const admin = await here.signIn('admin')
  const rows = ['Jörg Buch,Jörg@Bücher.example,CEO,France', 'Jörg Buch,jörg@bücher.example (at home),CEO,France']
  const { id } = await admin.prepared(
    `Name,Email,Title,Country\n${rows.join('\n')}\nKim,kim@firm.example,CEO,jörg@bücher.example\n`,
  )
  await admin.ended((await admin.start(id)).id)
  const { left } = await forget('jörg@BÜCHER.example')
  // Kim's row says it in a place that is not theirs to empty.
  expect(left.map(({ row }) => JSON.stringify(row))).toEqual(
    left.map(() => expect.stringContaining('kim@firm.example')),
  )
  expect(await dump()).not.toMatch(/xn--bcher|Jörg Buch/)
})

test('what the payment provider delivered about them is emptied once it is done with, and named before', async () => {
  const event = (id: string, email: string, done: boolean) =>
    here.engine.inbox.put({ id, type: 'invoice.paid', createdAt: 0, content: id, body: `{"email": "${email}"}`, done })
  await event('evt_done', 'Ann@pays.example', true)
  await event('evt_other', 'joann@pays.example', true)
  // Of a type that nobody works off here: it waits.
  await event('evt_waits', 'ann@pays.example', false)
  const { mention } = addressOf('ann@pays.example')
  const held = async () => (await heldDeliveries(here.database.url, mention)).map(({ event: id, done }) => [id, done])
  expect(await held()).toEqual([
    ['evt_done', true],
    ['evt_waits', false],
  ])
  expect(await forgetDeliveries(here.database.url, mention)).toBe(1)
  expect(await held()).toEqual([['evt_waits', false]])
  expect(await dump()).toContain('joann@pays.example')
})

test('the last Admin of others is not forgotten before there is another', async () => {
  const cara = await signedUp(here, 'Cara')
  const dan = await joined(cara, 'Dan', 'member')
  const { user } = must(await cara.get<{ user: { email: string } }>('/api/session'), 200)
  await expect(forget(user.email)).rejects.toThrow(`They are the last Admin of ${cara.workspace}`)
  expect((await cara.get('/api/session')).status).toBe(200)
  const { user: member } = must(await dan.get<{ user: { email: string } }>('/api/session'), 200)
  await forget(member.email)
  await forget(user.email)
  expect((await cara.get('/api/session')).status).toBe(401)
})

test('a contact is forgotten wherever they were imported or written to; figures, ledger and seals are as they were', async () => {
  const admin = await here.signIn('admin')
  const campaign = await ready(admin, { count: 5, from: 700, steps: oneStep })
  await launch(admin, campaign)
  await sentAndCounted(admin, campaign, 5)
  const email = 'person702@company.example'
  const [recipient] = (await recipients(admin, campaign)).filter((one) => one.email === email)
  const { rows: sent } = await here.sql.query<{ id: string }>('select id from ken.sends where email = $1', [email])
  must(await admin.post(`/api/mails/${sent[0]!.id}/reply`, { text: 'Call me on 555 0199.' }), 204)
  // As a mail server words it that takes no mail for them.
  await here.sql.query(`update ken.sends set fault = '550 5.1.1 <' || email || '>: unknown' where email = $1`, [email])
  await here.sql.query(`update ken.recipients set reason = 'It refused <' || $2 || '>' where id = $1`, [
    recipient!.id,
    email,
  ])
  await here.engine.seal()
  const balances = async () => (await here.headroom.balances('ws_demo')).balances
  const before = [await balances(), (await verifyLedger(here.database.url)).heads]
  expect((await given(email)).map(({ table }) => table)).toEqual(
    expect.arrayContaining(['ken.contacts', 'ken.upload_rows', 'ken.sends']),
  )

  expect(await forget(email)).toMatchObject({ left: [], namesakes: [] })
  const text = await dump()
  for (const gone of [email, 'Person 702', '555 0199']) expect(text).not.toContain(gone)
  // Their neighbour is still there, and so is everything that was counted.
  expect(text).toContain('person701@company.example')
  const report = await verifyLedger(here.database.url)
  expect(report.differences).toEqual([])
  expect([await balances(), report.heads]).toEqual(before)
  expect((await admin.contacts(campaign)).map(({ name }) => name)).toContain('Forgotten person')
  expect(await recipients(admin, campaign)).toHaveLength(5)
  expect((await admin.get(`/api/mails/${sent[0]!.id}`)).status).toBe(200)
  const suppressed = await here.sql.query('select 1 from ken.suppressions where recipient_id = $1', [recipient!.id])
  expect(suppressed.rowCount).toBe(1)
  expect((await new Visitor(here.url).get(`/api/campaigns/${campaign}`)).status).toBe(401)

  // Imported again, nobody writes to them and nobody pays for them twice.
  const again = await admin.prepared(`Name,Email,Title,Country\nPerson 702,${email},CEO,France\n`)
  const ended = await admin.ended((await admin.start(again.id)).id)
  expect(ended).toMatchObject({ counted: 0 })
})
