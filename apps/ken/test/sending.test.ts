import { afterEach, expect, test } from 'vitest'
import {
  counted,
  fourSteps,
  launch,
  oneStep,
  put,
  ready,
  recipients,
  sending,
  sentAndCounted,
  state,
} from './campaign.ts'
import { people, workspace } from './harness.ts'
import { closeAll, open } from './houses.ts'
import { days, stand } from './standings.ts'
import { must } from './visitor.ts'

afterEach(closeAll)

const quick = { lookSeconds: 0.2 }
const patience = 120_000

test(
  'A66 four mails go to each lead, three days apart by Headroom’s clock: sent, used and ledger agree after each',
  async () => {
    const here = await open(quick, { testClock: true })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 30 })
    expect(await sending(editor, id)).toMatchObject({
      state: 'ready',
      launchable: true,
      whyNot: null,
      recipients: { total: 30, waiting: 30 },
      sends: { needed: 120, available: 4_000 },
    })
    expect(await launch(editor, id)).toMatchObject({ state: 'sending', launchable: false })
    for (const step of [1, 2, 3, 4]) {
      await sentAndCounted(editor, id, 30 * step)
      if (step < 4) expect(await sending(editor, id)).toMatchObject({ recipients: { active: 30 }, queued: 0 })
      expect(await counted(here)).toEqual({ used: 30 * step, overage: 0, entries: 30 * step, sum: 30 * step })
      await here.headroom.testClock.advance('P3D')
    }
    await state(editor, id, 'completed')
    const end = await sending(editor, id)
    expect(end).toMatchObject({
      sent: 120,
      counted: 120,
      nextAt: null,
      recipients: { finished: 30 },
      launchable: false,
    })
    expect(end.steps.map(({ sent }) => sent)).toEqual([30, 30, 30, 30])
    expect((await editor.get<{ sent: number }>(`/api/campaigns/${id}`)).body.sent).toBe(120)
    expect(here.errors).toEqual([])
  },
  patience,
)

test(
  'A16 A131 A148 a campaign that runs into the limit goes on: used exceeds the limit, available reads 0, and launching is never refused',
  async () => {
    const here = await open(quick)
    const editor = await here.signIn('editor')
    await here.headroom.use(workspace, { lines: [{ meter: 'email_sends', quantity: 3_990 }], mode: 'enforce' })
    const id = await ready(editor, { count: 25, steps: oneStep })
    const before = await sending(editor, id)
    expect(before).toMatchObject({ launchable: true, sends: { available: 10, needed: 25 } })
    expect(before.sends!.verdict).toMatchObject({ allowed: false, reason: 'limit_reached' })
    await launch(editor, id)
    await state(editor, id, 'completed')
    const sends = async () => (await here.headroom.usage(workspace)).meters.find(({ meter }) => meter === 'email_sends')
    expect(await sends()).toMatchObject({ used: 4_015, limit: 4_000, available: 0, overage: 15 })
    const next = await ready(editor, { count: 5, from: 100, steps: oneStep })
    expect(await sending(editor, next)).toMatchObject({ launchable: true, sends: { available: 0, needed: 5 } })
    await launch(editor, next)
    await state(editor, next, 'completed')
    expect(await sends()).toMatchObject({ used: 4_020, available: 0, overage: 20 })
  },
  patience,
)

test(
  'A58 a campaign goes on while a payment is overdue, through a downgrade, and over the end of the period',
  async () => {
    const here = await open(quick, { testClock: true })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 80, steps: fourSteps.map((step, n) => ({ ...step, waitDays: n && 14 })) })
    await launch(editor, id)
    await sentAndCounted(editor, id, 80)
    const period = (await here.headroom.usage(workspace)).period
    await here.headroom.workspaces.setPlan(workspace, { plan: 'free', when: 'periodEnd' })
    await here.headroom.testClock.advance('P14D')
    await sentAndCounted(editor, id, 160)
    await here.headroom.testClock.set(new Date(Math.max(Date.parse(period.end), Date.now() + days(28))).toISOString())
    await sentAndCounted(editor, id, 240)
    expect((await here.headroom.usage(workspace)).plan.id).toBe('free')
    const now = Date.parse((await here.headroom.usage(workspace)).asOf)
    await stand(here, { status: 'past_due', graceUntil: now - 1 })
    const upload = await editor.prepared(people(5, 900))
    expect((await editor.post(`/api/uploads/${upload.id}/imports`)).status).toBe(402)
    await here.headroom.testClock.advance('P14D')
    await state(editor, id, 'completed')
    // Nothing of it was lost over the end of the period, or counted in both.
    expect(await sending(editor, id)).toMatchObject({ sent: 320, counted: 320 })
    const { entries, sum } = await counted(here)
    expect([entries, sum]).toEqual([320, 320])
    expect(here.errors).toEqual([])
  },
  patience,
)

test(
  'A134 when the sending capacity of a day is used up the rest waits for the next, and the page says whom to ask, not what to buy',
  async () => {
    const here = await open({ ...quick, sendsPerDay: 50 }, { testClock: true })
    await here.headroom.testClock.set('2031-03-04T15:00:00Z')
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 120, steps: oneStep })
    await launch(editor, id)
    await sentAndCounted(editor, id, 50)
    const full = await sending(editor, id)
    expect(full).toMatchObject({
      state: 'sending',
      nextAt: '2031-03-05T00:00:00.000Z',
      capacity: { perDay: 50, sentToday: 50, exhausted: true },
      notice: { kind: 'capacity' },
    })
    expect(full.notice!.text).toContain('contact your CSM')
    expect(full.notice!.text).not.toMatch(/buy|purchase|upgrade/i)
    await here.headroom.testClock.set('2031-03-05T00:00:00Z')
    await sentAndCounted(editor, id, 100)
    await here.headroom.testClock.set('2031-03-06T00:00:00Z')
    await state(editor, id, 'completed')
    expect(await sending(editor, id)).toMatchObject({ sent: 120, counted: 120, notice: null })
  },
  patience,
)

test(
  'a schedule is kept: nothing leaves before its start, outside its hours or on another day',
  async () => {
    const here = await open(quick, { testClock: true })
    // A Friday.
    await here.headroom.testClock.set('2031-03-07T18:00:00Z')
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 10, steps: fourSteps.slice(0, 2) })
    const schedule = { startAt: '2031-03-08T10:00:00Z', days: [1, 2, 3, 4, 5], fromHour: 9, untilHour: 17 }
    const launched = await launch(editor, id, { schedule })
    expect(launched).toMatchObject({ nextAt: '2031-03-10T09:00:00.000Z', schedule: { days: [1, 2, 3, 4, 5] } })
    // Each look of the job is over when its turn has been taken twice.
    const looks = async () => {
      const fence = async () =>
        Number(
          (await here.sql.query<{ fence: string }>(`select fence from ken.jobs where id = $1`, [id])).rows[0]!.fence,
        )
      const before = await fence()
      while ((await fence()) < before + 4) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    for (const shut of ['2031-03-08T12:00:00Z', '2031-03-10T08:59:59Z']) {
      await here.headroom.testClock.set(shut)
      await looks()
      expect(await sending(editor, id)).toMatchObject({ sent: 0, queued: 0 })
    }
    await here.headroom.testClock.set('2031-03-10T16:59:00Z')
    await sentAndCounted(editor, id, 10)
    expect((await sending(editor, id)).nextAt).toBe('2031-03-13T16:59:00.000Z')
    await here.headroom.testClock.set('2031-03-13T17:30:00Z')
    await looks()
    expect(await sending(editor, id)).toMatchObject({ sent: 10, nextAt: '2031-03-14T09:00:00.000Z' })
    must(await put(editor, `/api/campaigns/${id}/schedule`, { schedule: { ...schedule, untilHour: 24 } }), 200)
    await state(editor, id, 'completed')
    expect(await sending(editor, id)).toMatchObject({ sent: 20, counted: 20 })
  },
  patience,
)

test(
  'leads of an import that ends while the campaign sends get their mails too, each address once',
  async () => {
    const here = await open(quick, { testClock: true })
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 20, steps: fourSteps.slice(0, 2) })
    await launch(editor, id)
    await sentAndCounted(editor, id, 20)
    const upload = await editor.upload(id, people(30, 10))
    await editor.ended((await editor.start(upload.id)).id)
    await sentAndCounted(editor, id, 40)
    expect(await sending(editor, id)).toMatchObject({ state: 'sending', recipients: { total: 40, active: 40 } })
    await here.headroom.testClock.advance('P3D')
    await state(editor, id, 'completed')
    const { rows } = await here.sql.query<{ mails: number; people: number }>(
      `select count(*)::int as mails, count(distinct email)::int as people from ken.sends where state = 'accepted'`,
    )
    expect(rows[0]).toEqual({ mails: 80, people: 40 })
    // What ends after that makes it ready again: it is launched anew, for those alone.
    const late = await editor.upload(id, people(5, 300))
    await editor.ended((await editor.start(late.id)).id)
    expect(await sending(editor, id)).toMatchObject({ state: 'ready', launchable: true, recipients: { waiting: 5 } })
    await launch(editor, id)
    await sentAndCounted(editor, id, 85)
  },
  patience,
)

test(
  'what is missing is said before a launch, a sequence is changed while nothing leaves, and what has gone out keeps its number',
  async () => {
    const here = await open(quick, { testClock: true })
    const [editor, viewer] = [await here.signIn('editor'), await here.signIn('viewer')]
    const { id: empty } = await editor.campaign()
    const tries = async (at: string) =>
      (await editor.post(`/api/campaigns/${at}/launch`)) as { status: number; body: { detail: string } }
    expect(await tries(empty)).toMatchObject({ status: 409, body: { detail: 'Write the sequence first.' } })
    for (const words of [{ subject: 'a\u0000b' }, { body: 'a\u0000b' }, { body: '\ud800' }, { subject: '\u200b' }])
      expect(
        (await put(editor, `/api/campaigns/${empty}/sequence`, { steps: [{ ...oneStep[0]!, ...words }] })).status,
      ).toBe(422)
    must(await put(editor, `/api/campaigns/${empty}/sequence`, { steps: oneStep }), 200)
    expect(await tries(empty)).toMatchObject({ status: 409, body: { detail: 'Import leads first.' } })
    const id = await ready(editor, { count: 3, steps: fourSteps.slice(0, 3) })
    expect((await viewer.post(`/api/campaigns/${id}/launch`)).status).toBe(403)
    await launch(editor, id)
    await sentAndCounted(editor, id, 3)
    const change = (steps: typeof fourSteps) => put(editor, `/api/campaigns/${id}/sequence`, { steps })
    expect(await change(oneStep)).toMatchObject({ status: 409 })
    must(await editor.post(`/api/campaigns/${id}/pause`), 200)
    must(await change([oneStep[0]!, { ...fourSteps[1]!, waitDays: 5, subject: 'Another' }]), 200)
    must(await editor.post(`/api/campaigns/${id}/resume`), 200)
    await here.headroom.testClock.advance('P5D')
    await state(editor, id, 'completed')
    const { rows } = await here.sql.query('select subject, count(*)::int from ken.sends group by 1 order by 1')
    expect(rows).toEqual([
      { subject: 'Another', count: 3 },
      { subject: 'Mail 1 for your company', count: 3 },
    ])
    expect(await change(oneStep)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Step 2') as string },
    })
    const [first] = await recipients(editor, id)
    expect(first).toMatchObject({ name: 'Person 0', state: 'finished', step: 2, nextAt: null, reply: null })
    expect((await editor.get(`/api/campaigns/${id}/recipients?cursor=rcp_1`)).status).toBe(422)
  },
  patience,
)

test(
  'a campaign that fails again and again for a reason of ours stands still and says so; resumed it goes on with exact figures',
  async () => {
    const here = await open(quick)
    const editor = await here.signIn('editor')
    const id = await ready(editor, { count: 10, steps: oneStep })
    await here.sql.query(`alter table ken.sends add constraint broken check (email <> 'person5@company.example')`)
    await launch(editor, id)
    const hurry = setInterval(
      () => void here.sql.query(`update ken.jobs set run_at = now() where kind = 'sending'`).catch(() => undefined),
      50,
    )
    await state(editor, id, 'error')
    clearInterval(hurry)
    expect(await sending(editor, id)).toMatchObject({ sent: 0, launchable: false, notice: { kind: 'error' } })
    await here.sql.query('alter table ken.sends drop constraint broken')
    must(await editor.post(`/api/campaigns/${id}/resume`), 200)
    await state(editor, id, 'completed')
    expect(await counted(here)).toMatchObject({ used: 10, entries: 10 })
    expect(here.errors.some((line) => line.includes('stands still'))).toBe(true)
  },
  patience,
)
