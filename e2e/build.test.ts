/** "Create with AI" in a browser: one story with one pool of AI credits, told in order, with Billing open beside it. */
import type { Browser, Page } from '@playwright/test'
import type { MeterUsageWire } from '@headroom/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import { atBilling, planCard, portalBy, workspace } from './billing.ts'
import { launchBrowser } from './browser.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 120_000 })

const labels = [
  'Files',
  'Research',
  'Planning',
  'Ideal customer',
  'Qualify',
  'Segment',
  'Strategy',
  'Email copy',
] as const
type Label = (typeof labels)[number]

let product: Product
let browser: Browser
let editor: Page
/** An Admin's window, which stays on Billing. */
let billing: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  ;[editor, billing] = await Promise.all([signIn(browser, product.url, 'Editor'), atBilling(browser, product.url)])
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

async function credits(): Promise<Pick<MeterUsageWire, 'used' | 'reserved' | 'available'>> {
  const { meters } = await product.headroom.usage(workspace)
  const { used, reserved, available } = meters.find(({ meter }) => meter === 'ai_campaigns')!
  return { used, reserved, available }
}

const step = (page: Page, label: Label) => page.getByRole('region', { name: label, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const continueTo = (page: Page, label: Label) => button(page, `Continue to ${label}`)
const inList = (page: Page, name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name })
const start = (page: Page) => button(page, 'Start build')

/** From the list of campaigns to the form, filled in. */
async function tellKen(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('link', { name: 'Create with AI' }).click()
  await page.getByLabel('Campaign name').fill(name)
  await page.getByLabel('Your company').fill('Northwind Analytics')
  await page.getByLabel('What do you offer?').fill('Forecasts that tell finance teams when cash runs short.')
  await page.getByLabel('Who is it for?').fill('Founders of software companies in Germany and France')
}

async function begin(page: Page, name: string): Promise<void> {
  await tellKen(page, name)
  await start(page).click()
  await shown(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** Content with what stands; resolves when the builder has brought the next. */
async function goOn(page: Page, label: Label): Promise<void> {
  await continueTo(page, label).click()
  await ready(page, label)
}

const ready = (page: Page, label: Label) =>
  shown(page.getByRole('status').filter({ hasText: `${label} is ready.` })).toHaveCount(1)

async function goOnToTheEnd(page: Page, from: Label): Promise<void> {
  for (const label of labels.slice(labels.indexOf(from) + 1)) await goOn(page, label)
}

describe.sequential('a campaign built with AI', () => {
  test('A18 A71 A72 started, a build has one AI credit reserved and none used, and Billing shows it', async () => {
    await tellKen(editor, 'Cash in sight')
    await shown(editor.getByText('3 AI credits left')).toBeVisible()
    expect(await violations(editor)).toEqual([])
    await start(editor).click()
    await shown(editor.getByText('1 AI credit reserved')).toBeVisible()

    expect(await credits()).toEqual({ used: 0, reserved: 1, available: 2 })
    await shown(planCard(billing)).toContainText('0 of 3 AI campaigns')
    await shown(planCard(billing)).toContainText('1 reserved by work in progress')
    await shown(billing.getByRole('listitem').filter({ hasText: 'Cash in sight' })).toBeVisible()
  })

  test('a file is read with the answers, and what Ken understood can be looked at again', async () => {
    await editor.getByLabel('Files for Ken').setInputFiles([
      { name: 'prices.md', mimeType: 'text/markdown', buffer: Buffer.from('A seat costs 40 euros a month.') },
      { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('no text') },
    ])
    await shown(editor.getByRole('list', { name: 'Files given to Ken' })).toContainText('prices.md')
    await shown(editor.getByRole('alert')).toContainText('logo.png is not a .txt, .md or .csv file')

    await goOn(editor, 'Research')
    await shown(step(editor, 'Research').getByRole('heading')).not.toHaveCount(0)
    await shown(editor.getByRole('heading', { name: 'Research', level: 2 })).toBeFocused()

    const rail = editor.getByRole('navigation', { name: 'Steps' })
    await rail.getByRole('button', { name: /^Files\s+\(done\)$/ }).click()
    await shown(editor.getByRole('heading', { name: 'Files', level: 2 })).toBeFocused()
    await shown(button(editor, 'Remove')).toHaveCount(0)
    await button(editor, 'Back to Research').click()
    await shown(rail.getByRole('button', { name: /^Research/ })).toHaveAttribute('aria-current', 'step')
  })

  test('what a person changes is kept, also over a reload', async () => {
    await goOn(editor, 'Planning')
    const goal = editor.getByLabel('Goal')
    await goal.fill('')
    await shown(editor.getByText('Say what the campaign should achieve.')).toBeVisible()
    await goal.fill('Twenty demo calls')
    await shown(editor.getByText('Changes saved')).toBeVisible()
    await editor.reload()
    await shown(editor.getByLabel('Goal')).toHaveValue('Twenty demo calls')
  })

  test('A64 A100 A102 the number of contacts to find is capped, says by what, and how many leads are left', async () => {
    await goOn(editor, 'Ideal customer')
    const target = editor.getByLabel('How many contacts should Ken find?')
    await shown(editor.getByText('1,000 leads left', { exact: true })).toBeVisible()
    await shown(editor.getByText(/^Up to [\d,]+: so many of the people found could still count\.$/)).toBeVisible()
    const cap = Number(/[\d,]+/.exec(await editor.getByText(/^Up to/).innerText())![0].replaceAll(',', ''))
    await target.fill('50000')
    await target.blur()
    await shown(target).toHaveValue(cap.toLocaleString('en-US'))
    await shown(editor.getByText(/^50,000 was changed to/)).toBeVisible()
    await shown(editor.getByText('1,000 leads left - Ask an Admin')).toBeVisible()
    await target.press('x')
    await shown(editor.getByText('Type a whole number from 1 to 50,000.')).toBeVisible()
    await target.fill('12')
    await shown(editor.getByText('Type a whole number from 1 to 50,000.')).toHaveCount(0)
    await shown(editor.getByText('Changes saved')).toBeVisible()
    await shown(editor.getByText(/leads left -/)).toHaveCount(0)
    expect(await violations(editor)).toEqual([])
  })

  test('A62 A64 a sample is judged, each person with a reason, and no lead is used by it', async () => {
    await goOn(editor, 'Qualify')
    await shown(editor.getByRole('tab', { name: /^Passed \d/ })).toHaveAttribute('aria-selected', 'true')
    await editor.getByRole('tab', { name: /^Filtered out \d/ }).click()
    await shown(editor.getByRole('columnheader', { name: 'Reason' })).toBeVisible()
    expect(await violations(editor)).toEqual([])
    const { meters } = await product.headroom.usage(workspace)
    expect(meters.find(({ meter }) => meter === 'leads')).toMatchObject({ used: 0, reserved: 0 })
  })

  test('A66 four mails are written, shown for a person of the sample, and can be edited', async () => {
    await goOn(editor, 'Segment')
    await goOn(editor, 'Strategy')
    await goOn(editor, 'Email copy')
    for (const number of [1, 2, 3, 4]) await shown(editor.getByRole('region', { name: `Mail ${number}` })).toBeVisible()
    await shown(editor.getByLabel('Days after mail 3')).toHaveValue('3')
    const second = editor.getByRole('region', { name: 'Mail 2' })
    await second.getByLabel('Subject').fill('Still short of cash at {{company}}?')
    await shown(second.getByText(/^Still short of cash at [^{]+\?$/)).toBeVisible()
    await shown(editor.getByText('Changes saved')).toBeVisible()
    expect(await violations(editor)).toEqual([])
  })

  test('A67 each time you complete an AI-built campaign it consumes one AI credit', async () => {
    expect(await credits()).toEqual({ used: 0, reserved: 1, available: 2 })
    // Watched for from before the press: what is said in passing does not wait for a slow page.
    const said = shown(editor.getByText('“Cash in sight” is ready. 1 AI credit was used.')).toBeVisible()
    await Promise.all([said, button(editor, 'Finish').click()])
    await editor.waitForURL(/\/campaigns\/cmp_/)
    await shown(editor.getByRole('heading', { name: 'Cash in sight', level: 1 })).toBeVisible()

    expect(await credits()).toEqual({ used: 1, reserved: 0, available: 2 })
    await shown(planCard(billing)).toContainText('1 of 3 AI campaigns')
    const { steps } = (await (await editor.request.get(`${product.url}/api${path(editor)}/sequence`)).json()) as {
      steps: { subject: string }[]
    }
    expect(steps.map(({ subject }) => subject)[1]).toBe('Still short of cash at {{company}}?')
  })

  test('A68 drafts that are not finished do not consume a credit', async () => {
    await begin(editor, 'Half a thought')
    await goOn(editor, 'Research')
    await shown(planCard(billing)).toContainText('1 reserved by work in progress')
    const said = shown(editor.getByText('“Half a thought” is kept as a draft. 1 AI credit was returned.')).toBeVisible()
    await Promise.all([said, button(editor, 'Save as draft and leave').click()])
    await editor.waitForURL(/\/campaigns$/)

    expect(await credits()).toEqual({ used: 1, reserved: 0, available: 2 })
    await shown(planCard(billing)).toContainText('1 of 3 AI campaigns')
    await shown(planCard(billing).getByText(/reserved by work in progress/)).toHaveCount(0)
    await shown(inList(editor, 'Half a thought')).toContainText('Step 2 of 8, Research')
  })

  test('A71 A147 resumed and killed in the middle of a step, the build goes on and takes one credit', async () => {
    await inList(editor, 'Half a thought').getByRole('button', { name: 'Resume' }).click()
    await shown(editor.getByRole('heading', { name: 'Research', level: 2 })).toBeVisible()
    expect(await credits()).toEqual({ used: 1, reserved: 1, available: 1 })

    await continueTo(editor, 'Planning').click()
    await shown(editor.getByRole('progressbar', { name: 'Planning' })).toBeVisible()
    await product.kill()
    await shown(editor.getByText(/Ken cannot be reached right now/)).toBeVisible()
    await product.start()
    await ready(editor, 'Planning')
    await shown(editor.getByText(/Ken cannot be reached right now/)).toHaveCount(0)

    await goOnToTheEnd(editor, 'Planning')
    await button(editor, 'Finish').click()
    await editor.waitForURL(/\/campaigns\/cmp_/)
    expect(await credits()).toEqual({ used: 2, reserved: 0, available: 1 })
    await shown(planCard(billing)).toContainText('2 of 3 AI campaigns')
  })

  test('A3 A4 A69 A74 A129 A130 A133 at the limit a new build is refused where it is started, with the way to more', async () => {
    await begin(editor, 'A draft for later')
    const admin = await signIn(browser, product.url, 'Admin')
    await tellKen(admin, 'One too many')
    // The last credit is held by the Editor's build: all users draw from one pool.
    await shown(admin.getByText('0 AI credits left - Upgrade plan')).toBeVisible()
    await shown(admin.getByRole('link', { name: 'Upgrade plan' })).toHaveAttribute('href', '/settings/billing')
    await shown(start(admin)).toBeDisabled()
    await shown(start(admin)).toHaveAccessibleDescription('0 AI credits left - Upgrade plan')
    expect(await violations(admin)).toEqual([])
    const refused = await admin.request.post(`${product.url}/api/builds`, {
      headers: { Origin: product.url },
      data: { name: 'One too many', brief: { company: 'Northwind', offer: 'Forecasts' } },
    })
    expect(refused.status()).toBe(402)
    expect(await credits()).toEqual({ used: 2, reserved: 1, available: 0 })

    // The credit comes back with the draft, and the block goes by itself.
    await button(editor, 'Save as draft and leave').click()
    await shown(admin.getByText('1 AI credit left')).toBeVisible()
    await start(admin).click()
    await shown(admin.getByText('1 AI credit reserved')).toBeVisible()
    await admin.context().close()
  })

  test('A11 A133 without a credit a draft is not resumed, and who is no Admin is told to ask one', async () => {
    await inList(editor, 'A draft for later').getByRole('button', { name: 'Resume' }).click()
    await shown(editor.getByText('0 AI credits left - Ask an Admin')).toBeVisible()
    await shown(button(editor, 'Resume')).toBeDisabled()
    await shown(button(editor, 'Resume')).toHaveAccessibleDescription('0 AI credits left - Ask an Admin')
    expect(await violations(editor)).toEqual([])
  })

  test('A70 A95 A98 Growth has a larger pool, which clears the block, and more can be bought', async () => {
    const portal = await portalBy(billing, button(billing, 'Manage Plan'))
    await portal.getByRole('link', { name: 'Change plan' }).click()
    await portal.getByRole('radio', { name: /Growth plan, 5,000 contacts.*\$399/ }).check()
    await portal.getByRole('button', { name: 'Continue' }).click()
    await portal.getByRole('button', { name: /^Pay .* and change$/ }).click()
    await shown(planCard(billing)).toContainText('2 of 25 AI campaigns')
    await shown(button(editor, 'Resume')).toBeEnabled()

    await product.headroom.use(workspace, { lines: [{ meter: 'ai_campaigns', quantity: 22 }], mode: 'enforce' })
    await shown(button(editor, 'Resume')).toBeDisabled()
    const admin = await signIn(browser, product.url, 'Admin')
    await tellKen(admin, 'One too many')
    await shown(admin.getByText('0 AI credits left - Buy credits')).toBeVisible()
    await admin.context().close()
  })

  test('a draft is discarded for good, after a question', async () => {
    await button(editor, 'Discard').click()
    const question = editor.getByRole('alertdialog', { name: 'Discard this draft?' })
    await shown(question).toBeVisible()
    expect(await violations(editor)).toEqual([])
    await editor.keyboard.press('Escape')
    await shown(button(editor, 'Discard')).toBeFocused()
    await button(editor, 'Discard').click()
    await question.getByRole('button', { name: 'Discard draft' }).click()
    await editor.waitForURL(/\/campaigns\/build$/)
    await shown(editor.getByRole('main').getByText('A draft for later')).toHaveCount(0)
  })

  test('View only reads why a build cannot be started', async () => {
    const viewer = await signIn(browser, product.url, 'View only')
    await shown(viewer.getByRole('link', { name: 'Create with AI' })).toHaveCount(0)
    await viewer.goto(`${product.url}/campaigns/build`)
    await shown(viewer.getByText(/Your role is View only/)).toBeVisible()
    await shown(start(viewer)).toHaveCount(0)
    expect(await violations(viewer)).toEqual([])
  })
})

const path = (page: Page) => new URL(page.url()).pathname
