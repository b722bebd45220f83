import { afterEach, expect, test } from 'vitest'
import { another, closeAll, open, until } from './houses.ts'
import { days, looked, mailRows, sent, setRole, stand } from './standings.ts'

afterEach(closeAll)

const quick = { lookSeconds: 0.1 }

test('each failed payment, warning and suspension is one mail for each Admin; everyone else gets none', async () => {
  const here = await open(quick, { testClock: true })
  await setRole(here, 'editor@ken.example', 'admin')
  const { now } = await here.headroom.testClock.set(new Date(Date.now() + 1_000).toISOString())
  await looked(here)
  expect(await mailRows(here)).toEqual([])

  const graceUntil = Date.parse(now) + days(7)
  await stand(here, { status: 'past_due', graceUntil })
  await looked(here)
  await looked(here)
  const failed = ['payment_failed admin@ken.example', 'payment_failed editor@ken.example']
  expect(await sent(here)).toEqual(failed)
  expect((await mailRows(here))[0]).toMatchObject({ occasion: new Date(graceUntil).toISOString(), attempts: 1 })

  await here.headroom.testClock.advance('P4DT23H59M')
  await looked(here)
  expect(await sent(here)).toEqual(failed)
  await here.headroom.testClock.advance('PT1M')
  await looked(here)
  const warned = [...failed, 'suspension_warning admin@ken.example', 'suspension_warning editor@ken.example']
  expect(await sent(here)).toEqual(warned)

  await here.headroom.testClock.advance('P2D')
  await looked(here)
  // Stripe gives up on the payment: another word for the state it is in already.
  await stand(here, { status: 'suspended' })
  await looked(here)
  const all = [...warned.slice(0, 2), 'suspended admin@ken.example', 'suspended editor@ken.example', ...warned.slice(2)]
  expect(await sent(here)).toEqual(all)

  await stand(here, { status: 'active' })
  await looked(here)
  await stand(here, { status: 'past_due', graceUntil: graceUntil + days(30) })
  await looked(here)
  expect((await sent(here)).filter((mail) => !all.includes(mail) || mail.startsWith('payment_failed'))).toEqual(
    [...failed, ...failed].sort(),
  )
  expect(here.errors).toEqual([])
}, 60_000)

test('a suspension without days of grace is one mail each time, however long it lasts', async () => {
  const here = await open(quick, { testClock: true })
  await stand(here, { status: 'suspended' })
  await looked(here)
  await here.headroom.testClock.advance('P40D')
  await looked(here)
  expect(await sent(here)).toEqual(['suspended admin@ken.example'])
  await stand(here, { status: 'active' })
  await looked(here)
  await here.headroom.testClock.advance('P1D')
  await stand(here, { status: 'suspended' })
  await looked(here)
  expect(await sent(here)).toEqual(['suspended admin@ken.example', 'suspended admin@ken.example'])
})

test('a trial is announced to end three days before it does, once', async () => {
  const here = await open(quick, { testClock: true })
  const { now } = await here.headroom.testClock.set(new Date(Date.now() + 60_000).toISOString())
  await stand(here, { status: 'trialing', anchor: Date.parse(now) + days(14) })
  await looked(here)
  await here.headroom.testClock.advance('P10DT23H')
  await looked(here)
  expect(await sent(here)).toEqual([])
  await here.headroom.testClock.advance('PT1H')
  await looked(here)
  await here.headroom.testClock.advance('P1D')
  await looked(here)
  expect(await sent(here)).toEqual(['trial_ending admin@ken.example'])
  const { rows } = await here.sql.query<{ subject: string; text: string }>('select subject, text from ken.mails')
  const end = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  expect(rows[0]!.subject).toBe(`The trial of Demo workspace ends on ${end.format(Date.parse(now) + days(14))} UTC`)
  expect(rows[0]!.text).toContain(`Manage Plan: ${here.url}/settings/billing`)
})

test('two processes that look at the same time, also when one takes the other’s lease, write each mail once', async () => {
  const here = await open({ lookSeconds: 0.05 })
  await setRole(here, 'editor@ken.example', 'admin')
  const others = await Promise.all([another(here), another(here)])
  const graceUntil = Date.now() + days(1)
  await stand(here, { status: 'past_due', graceUntil })
  const thief = setInterval(
    () => void here.sql.query(`update ken.jobs set locked_until = null where kind = 'lifecycle'`).catch(() => {}),
    25,
  )
  try {
    await until(async () => (await sent(here)).length >= 4)
    for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setTimeout(resolve, 100))
  } finally {
    clearInterval(thief)
  }
  expect(await sent(here)).toEqual([
    'payment_failed admin@ken.example',
    'payment_failed editor@ken.example',
    'suspension_warning admin@ken.example',
    'suspension_warning editor@ken.example',
  ])
  expect((await mailRows(here)).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1])
  expect(here.errors).toEqual([])
  await Promise.all(others.map((ken) => ken.stop()))
}, 90_000)

test('more workspaces than a page are all looked at, also past one that Headroom does not know', async () => {
  const here = await open({ ...quick, worker: false })
  await here.sql.query(
    `insert into ken.workspaces (id, name) select 'ws_' || lpad(n::text, 4, '0'), 'Nobody' from generate_series(1, 230) n`,
  )
  await here.headroom.workspaces.create({ id: 'ws_zzz', name: 'Last', plan: 'starter', contacts: 1_000 })
  await here.sql.query(`insert into ken.workspaces (id, name) values ('ws_zzz', 'Last')`)
  await here.sql.query(
    `insert into ken.members (workspace_id, user_id, role) select 'ws_zzz', user_id, role from ken.members where role = 'admin'`,
  )
  await stand(here, { status: 'suspended', of: 'ws_zzz' })
  await another(here, { worker: true })
  await until(async () => (await sent(here)).length === 1)
  const { rows } = await here.sql.query('select workspace_id, subject from ken.mails')
  expect(rows).toEqual([{ workspace_id: 'ws_zzz', subject: 'Last is suspended' }])
})
