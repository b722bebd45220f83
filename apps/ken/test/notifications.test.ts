import { afterEach, expect, test, vi } from 'vitest'
import { notify, type Notice } from '../src/people/notifications.ts'
import type { Context } from '../src/context.ts'
import { Auth } from '../src/people/auth.ts'
import { openDatabase } from '../src/database.ts'
import type { House } from './harness.ts'
import { closeAll, open } from './houses.ts'
import { idOf, sessionOf } from './people-of.ts'
import { looked, mailRows, sent, setRole, settled, stand } from './standings.ts'
import { must } from './visitor.ts'

vi.setConfig({ testTimeout: 90_000 })
afterEach(closeAll)

const notice = (to: string[] | 'admins', more: Partial<Notice> = {}): Notice => ({
  workspaceId: 'ws_demo',
  kind: 'import_finished',
  occasion: 'imp_1',
  to,
  at: new Date().toISOString(),
  letter: {
    subject: 'An import has finished',
    paragraphs: ['20 leads counted.'],
    link: { label: 'Open campaign', href: 'https://ken.example/campaigns/cmp_1' },
    footer: 'Why it came.',
  },
  ...more,
})

/** Calls notify as the rest of Ken does, on the same database. */
async function told(here: House, ...notices: Notice[]): Promise<number[]> {
  const { databaseUrl, publicUrl, secret, log } = here.options
  const database = openDatabase(databaseUrl, log)
  const auth = new Auth(database, { databaseUrl, publicUrl, secret, log })
  const context = { database, auth, secret, wakeWorker: () => {} } as Partial<Context> as Context
  try {
    const written: number[] = []
    for (const one of notices) written.push(await notify(context, one))
    return written
  } finally {
    await Promise.all([database.end(), auth.close()])
  }
}

test('a mail goes once to each recipient who is a member and wants its kind', async () => {
  const here = await open()
  const [editor, member] = [await here.signIn('editor'), await here.signIn('member')]
  const ids = [await idOf(editor), await idOf(member), 'nobody']
  must(await member.put('/api/notifications', { kind: 'import_finished', on: false }), 200)
  expect(await told(here, notice(ids), notice(ids), notice(ids, { occasion: 'imp_2' }))).toEqual([1, 0, 1])
  // Another kind, which the member has not switched off.
  expect(await told(here, notice(ids, { kind: 'reply_received' }), notice('admins'))).toEqual([2, 1])
  await settled(here)
  expect(await sent(here)).toEqual([
    'import_finished admin@ken.example',
    'import_finished editor@ken.example',
    'import_finished editor@ken.example',
    'reply_received editor@ken.example',
    'reply_received member@ken.example',
  ])
})

test('a switch is saved at once, for this person in this workspace, and what cannot be switched off is refused', async () => {
  const here = await open({ worker: false })
  const [editor, admin] = [await here.signIn('editor'), await here.signIn('admin')]
  const choose = (kind: string, on: boolean) => editor.put('/api/notifications', { kind, on })
  must(await choose('reply_received', false), 200)
  must(await choose('reply_received', false), 200)
  expect((await sessionOf(editor)).notifications).toEqual({
    import_finished: true,
    campaign_completed: true,
    reply_received: false,
    credits_low: true,
  })
  expect((await sessionOf(admin)).notifications.reply_received).toBe(true)
  must(await choose('reply_received', true), 200)
  expect((await sessionOf(editor)).notifications.reply_received).toBe(true)
  for (const kind of ['payment_failed', 'trial_ending', 'invitation', 'password_reset', 'anything']) {
    expect((await choose(kind, false)).status).toBe(422)
  }
})

test('a payment mail reaches an Admin who has switched everything off', async () => {
  const here = await open({ lookSeconds: 0.1 })
  const admin = await here.signIn('admin')
  for (const kind of ['import_finished', 'campaign_completed', 'reply_received', 'credits_low'])
    must(await admin.put('/api/notifications', { kind, on: false }), 200)
  await stand(here, { status: 'past_due', graceUntil: Date.now() + 7 * 86_400_000 })
  await looked(here)
  expect(await sent(here)).toEqual(['payment_failed admin@ken.example'])
})

test('at a fifth of the leads left the Admins are told, once in the period, and again in the next', async () => {
  const here = await open({ lookSeconds: 0.1 }, { testClock: true })
  await setRole(here, 'editor@ken.example', 'admin')
  await here.headroom.testClock.set(new Date(Date.now() + 60_000).toISOString())
  const low = async () => (await sent(here)).filter((mail) => mail.startsWith('credits_low'))
  await here.leave(201)
  await looked(here)
  expect(await low()).toEqual([])
  await here.leave(200)
  await looked(here)
  const once = ['credits_low admin@ken.example', 'credits_low editor@ken.example']
  expect(await low()).toEqual(once)
  const { rows } = await here.sql.query<{ subject: string; text: string }>('select subject, text from ken.mails')
  expect(rows[0]!.subject).toBe('Demo workspace has 200 of 1,000 leads left')
  expect(rows[0]!.text).toContain(`Open Billing: ${here.url}/settings/billing?workspace=ws_demo`)
  await here.leave(10)
  await looked(here)
  await here.leave(900)
  await looked(here)
  await here.leave(0)
  await looked(here)
  expect(await low()).toEqual(once)

  await here.headroom.testClock.advance('P1M')
  await looked(here)
  expect(await low()).toEqual(once)
  await here.leave(100)
  await looked(here)
  expect(await low()).toEqual([...once, ...once].sort())
  expect(here.errors).toEqual([])
})

test('leads that are reserved are not left; somebody who switched the mail off hears nothing', async () => {
  const here = await open({ lookSeconds: 0.1 })
  const admin = await here.signIn('admin')
  must(await admin.put('/api/notifications', { kind: 'credits_low', on: false }), 200)
  await here.headroom.reserve('ws_demo', { id: 'rsv_1', lines: [{ meter: 'leads', quantity: 900 }] })
  await looked(here)
  expect(await mailRows(here)).toEqual([])
  await setRole(here, 'member@ken.example', 'admin')
  await here.sql.query('update ken.workspaces set credits_low_until = null')
  await looked(here)
  expect(await sent(here)).toEqual(['credits_low member@ken.example'])
})
