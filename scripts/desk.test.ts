/** The support desk's command, run as an operator runs it, against a server with payments. */
import { execFile } from 'node:child_process'
import { Headroom } from '@headroom/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, slowly, type Room } from '../packages/server/test/room.ts'

const root = new URL('..', import.meta.url).pathname
const workspace = 'ws_desk'
let room: Room
let headroom: Headroom

beforeAll(async () => {
  room = await openRoom({ payments: true })
  headroom = new Headroom({ baseUrl: room.url, apiKey: room.key })
  await headroom.workspaces.create({ id: workspace, name: 'Acme', plan: 'starter', contacts: 1_000 })
}, slowly)
afterAll(() => room.stop())

interface Said {
  code: number
  stdout: string
  stderr: string
}

const desk = (...asked: string[]): Promise<Said> => run(asked, { HEADROOM_URL: room.url, HEADROOM_API_KEY: room.key })

function run(asked: string[], env: Record<string, string>): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/desk.ts', ...asked],
      { cwd: root, env: { ...process.env, HEADROOM_API_KEY: '', ...env } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

async function paid(): Promise<{ id: string; session: string; number: string }> {
  const { purchaseId: id } = await headroom.purchases.checkout(workspace, { addOn: 'leads', blocks: 3 })
  const { checkoutSession } = await headroom.purchases.get(workspace, id)
  await room.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  const { receipt } = await headroom.purchases.reconcile(workspace, id)
  return { id, session: checkoutSession!, number: receipt!.number }
}

test('A121 A126 a receipt tells the desk the purchase, its workspace, its entries and why the meters stand where they do', async () => {
  const { id, session, number } = await paid()
  const lines = [{ meter: 'leads', quantity: 200 }]
  await headroom.reserve(workspace, { id: 'import_1', lines, reference: 'Q4 founders' })
  const { code, stdout } = await desk(number)
  expect(code).toBe(0)
  const said = stdout.split('\n')
  expect(said[0]).toBe(`Purchase ${id}`)
  expect(said).toEqual(
    expect.arrayContaining([
      '  3 × leads: 3,000 leads + 12,000 email_sends',
      '  $270.00, paid',
      expect.stringMatching(`^  receipt ${number} http`) as unknown,
      `Workspace Acme (${workspace})`,
      expect.stringMatching(/^ {2}Starter plan, active, period /) as unknown,
      expect.stringMatching(
        /^ {2}.* grant 3,000 leads → limit 4,000 used 0 reserved 0 by .* \(led_ws_desk_\d+\)$/,
      ) as unknown,
      'Emails sent',
      'Leads',
      expect.stringMatching(/^ {2}200 leads reserved by "Q4 founders" since .* UTC\.$/) as unknown,
      '  3,800 leads left: 4,000 limit − 0 used − 200 reserved.',
    ]),
  )
  // It is the explanation word by word, for the meters the purchase brought and no other.
  for (const meter of ['leads', 'email_sends']) {
    const { sentences } = await headroom.explain(workspace, meter)
    for (const { text } of sentences) expect(said).toContain(`  ${text}`)
  }
  expect(said).not.toContain('AI campaigns created')
  expect((await desk(session)).stdout).toBe(stdout)
  expect((await desk(id, workspace)).stdout).toBe(stdout)
}, 120_000)

test('what is not there, and what is asked wrongly, is said in a line', async () => {
  expect(await desk('0000-0000')).toEqual({ code: 1, stdout: '', stderr: 'There is no purchase by 0000-0000.\n' })
  expect(await desk()).toMatchObject({ code: 2, stderr: 'Usage: npm run desk -- <receipt> [workspace]\n' })
  const { code, stderr } = await run(['1234-5678'], { HEADROOM_URL: room.url })
  expect([code, stderr]).toEqual([2, 'HEADROOM_API_KEY must be a full key that is bound to no workspace.\n'])
}, 120_000)
