import { afterEach, expect, test } from 'vitest'
import { writeToken } from '../src/sending/tokens.ts'
import { fourSteps, launch, oneStep, ready, recipients, sending, sentAndCounted, state } from './campaign.ts'
import type { House } from './harness.ts'
import { closeAll, open, until } from './houses.ts'
import { startMailServer } from './mail-server.ts'
import { must, Visitor } from './visitor.ts'

afterEach(closeAll)

const inboundSecret = 'i'.repeat(32)
const patience = 120_000

/** The ways to answer and out of a mail, as its recipient sees them. */
async function waysOf(here: House, email: string): Promise<{ replyTo: string; token: string }> {
  const { rows } = await here.sql.query<{ id: string }>(
    `select s.recipient_id as id from ken.sends s where s.email = $1 order by s.id desc limit 1`,
    [email],
  )
  const { secret } = here.options
  return {
    replyTo: `reply+${writeToken(secret, 'reply', rows[0]!.id)}@ken.example`,
    token: writeToken(secret, 'unsubscribe', rows[0]!.id),
  }
}

const inbound = (here: House, body: object, secret: string | null = inboundSecret) =>
  new Visitor(here.url).ask('POST', '/api/inbound-mail', {
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...(secret && { Authorization: `Bearer ${secret}` }) },
  })

test(
  'an answer ends the sequence for who wrote it, tells the campaign’s owner, and is kept',
  async () => {
    const here = await open({ lookSeconds: 0.2, inboundSecret }, { testClock: true })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 4, steps: fourSteps.slice(0, 2) })
    await launch(editor, id)
    await sentAndCounted(editor, id, 4)
    const { replyTo } = await waysOf(here, 'person1@company.example')
    const mail = {
      to: `"Edda" <${replyTo.toUpperCase()}>, other@x.example`,
      from: 'person1@company.example',
      text: 'Yes, please.',
    }
    expect((await inbound(here, mail, null)).status).toBe(401)
    expect((await inbound(here, mail, `${inboundSecret}x`)).status).toBe(401)
    expect(
      (await inbound(here, { ...mail, to: replyTo.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@')) })).status,
    ).toBe(404)
    expect(await sending(editor, id)).toMatchObject({ recipients: { active: 4, replied: 0 } })
    for (const autoSubmitted of ['auto-replied', 'auto-generated (rules)', 'Not at all'])
      expect((await inbound(here, { ...mail, text: 'I am away.', autoSubmitted })).status).toBe(204)
    expect(await sending(editor, id)).toMatchObject({ recipients: { active: 4, replied: 0 } })
    for (const extra of ['first', 'again'])
      expect((await inbound(here, { ...mail, extra, autoSubmitted: 'No; by hand' })).status).toBe(204)
    expect(await recipients(editor, id, 'replied')).toMatchObject([
      { email: 'person1@company.example', step: 1, nextAt: null, reply: 'Yes, please.' },
    ])
    const told = async () =>
      (await here.sql.query(`select name, text from ken.mails where kind = 'reply_received'`)).rows as {
        name: string
        text: string
      }[]
    expect(await told()).toMatchObject([
      { name: 'Edda Editor', text: expect.stringContaining('Yes, please.') as string },
    ])
    await here.headroom.testClock.advance('P3D')
    await state(editor, id, 'completed')
    expect(await sending(editor, id)).toMatchObject({ sent: 7, counted: 7, recipients: { finished: 3, replied: 1 } })
    const { rows } = await here.sql.query(`select name from ken.mails where kind = 'campaign_completed'`)
    expect(rows).toEqual([{ name: 'Edda Editor' }])
  },
  patience,
)

test('without KEN_INBOUND_SECRET nobody may bring an answer, and the door is not there', async () => {
  const here = await open({ worker: false })
  expect((await inbound(here, { to: 'x', from: 'y', text: 'z' }, 'anything')).status).toBe(404)
})

test(
  'who says no once gets no more mails from any campaign of the workspace; looking at the link changes nothing',
  async () => {
    const here = await open({ lookSeconds: 0.2 }, { testClock: true })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 3, steps: fourSteps.slice(0, 2) })
    await launch(editor, id)
    await sentAndCounted(editor, id, 3)
    const { token } = await waysOf(here, 'person2@company.example')
    const stranger = new Visitor(here.url)
    for (const query of ['', '?again']) {
      expect(await stranger.get(`/api/unsubscribe/${token}${query}`)).toMatchObject({
        status: 200,
        body: { workspace: 'Demo workspace', email: 'p…@company.example', state: 'subscribed' },
      })
    }
    expect(
      (await stranger.get(`/api/unsubscribe/${token.replace(/.$/, (end) => (end === '0' ? '1' : '0'))}`)).status,
    ).toBe(404)
    // As a mail program's button does it: from anywhere, with a form of one field (RFC 8058).
    const click = await fetch(`${here.url}/unsubscribe/${token}`, {
      method: 'POST',
      headers: { Origin: 'https://mail.example', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(click.status).toBe(200)
    expect((await stranger.get(`/api/unsubscribe/${token}`)).body).toMatchObject({ state: 'unsubscribed' })
    await here.headroom.testClock.advance('P3D')
    await state(editor, id, 'completed')
    expect(await sending(editor, id)).toMatchObject({ sent: 5, recipients: { finished: 2, unsubscribed: 1 } })

    await here.headroom.testClock.advance('P1M')
    const next = await ready(editor, { count: 4, steps: oneStep })
    expect(await sending(editor, next)).toMatchObject({ recipients: { total: 4, waiting: 3, unsubscribed: 1 } })
    await launch(editor, next)
    await state(editor, next, 'completed')
    expect(await sending(editor, next)).toMatchObject({ sent: 3, counted: 3, recipients: { finished: 3 } })
    const [skipped] = await recipients(editor, next, 'unsubscribed')
    expect(skipped).toMatchObject({ step: 0, reason: 'Unsubscribed from mails of this workspace before.' })
  },
  patience,
)

test(
  'a mail that waits for the mail server does not go out when its recipient answers or says no meanwhile',
  async () => {
    let isOff = true
    const server = await startMailServer({ onRecipient: () => Promise.resolve(isOff ? 451 : null) })
    const here = await open({ lookSeconds: 0.2, smtpUrl: server.url, inboundSecret })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 4, steps: oneStep })
    await launch(editor, id)
    await until(async () => (await here.sql.query('select 1 from ken.sends where attempts > 1')).rowCount! > 0)
    const [replying, leaving] = [
      await waysOf(here, 'person0@company.example'),
      await waysOf(here, 'person1@company.example'),
    ]
    expect((await inbound(here, { to: replying.replyTo, from: 'p@x.example', text: 'Out of office' })).status).toBe(204)
    expect((await new Visitor(here.url).post(`/api/unsubscribe/${leaving.token}`)).status).toBe(200)
    isOff = false
    await here.sql.query(`update ken.sends set try_at = now() where state = 'queued'`)
    await state(editor, id, 'completed')
    const to = server.mails.filter(({ messageId }) => messageId.startsWith('<snd_')).map((mail) => mail.to)
    expect(to.sort()).toEqual(['person2@company.example', 'person3@company.example'])
    expect(await sending(editor, id)).toMatchObject({ sent: 2, counted: 2, queued: 0 })
    await closeAll()
    await server.stop()
  },
  patience,
)

test(
  'in a mailbox in the app one answers and says no as the recipient would; where there is none the doors are not there',
  async () => {
    const here = await open({ lookSeconds: 0.2 }, { testClock: true })
    const [editor, member, viewer] = [
      await here.signIn('editor'),
      await here.signIn('member'),
      await here.signIn('viewer'),
    ]
    const id = await ready(editor, { count: 3, steps: fourSteps.slice(0, 2) })
    await launch(editor, id)
    await sentAndCounted(editor, id, 3)
    const { rows } = await here.sql.query<{ id: string }>('select id from ken.sends order by email')
    const [first, second] = rows.map((row) => `/api/mails/${row.id}`)
    expect((await viewer.post(`${first}/reply`, { text: 'Hello' })).status).toBe(403)
    expect((await member.post(`${first}/reply`, { text: 'Hello' })).status).toBe(404)
    must(await editor.post(`${first}/reply`, { text: 'Hello' }), 204)
    must(await editor.post(`${second}/unsubscribe`), 204)
    expect(await sending(editor, id)).toMatchObject({ recipients: { replied: 1, unsubscribed: 1, active: 1 } })
  },
  patience,
)
