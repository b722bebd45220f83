import { afterEach, expect, test } from 'vitest'
import { counted, fourSteps, launch, oneStep, ready, recipients, sending, sentAndCounted, state } from './campaign.ts'
import { workspace } from './harness.ts'
import { closeAll, open } from './houses.ts'

afterEach(closeAll)

const quick = { lookSeconds: 0.2 }

test('A66 four mails go to each lead, three days apart by Headroom’s clock: sent, used and ledger agree after each', async () => {
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
    await here.headroom.testClock.advance('P2D')
    await here.headroom.testClock.advance('P1D')
  }
  await state(editor, id, 'completed')
  const end = await sending(editor, id)
  expect(end).toMatchObject({ sent: 120, counted: 120, nextAt: null, recipients: { finished: 30 }, launchable: false })
  expect(end.steps.map(({ sent }) => sent)).toEqual([30, 30, 30, 30])
  expect((await editor.get<{ sent: number }>(`/api/campaigns/${id}`)).body.sent).toBe(120)
  expect(here.errors).toEqual([])
  void [fourSteps, oneStep, recipients, workspace]
}, 60_000)
