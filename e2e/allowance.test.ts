/** One pool of credits for a workspace, from its first look at Billing to the next period: one story, told in order, in a browser. */
import type { Browser, Page } from '@playwright/test'
import type { MeterUsageWire } from '@headroom/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { atBilling, backAtBilling, choose, confirm, dialogOf, pay, planCard, toasts, toCheckout } from './billing.ts'
import { launchBrowser } from './browser.ts'
import { newCampaign, shown, signIn, startImport, upload } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 180_000 })

const workspace = 'ws_demo'
let product: Product
let browser: Browser
/** Stays on Billing. */
let billing: Page
let admin: Page
let editor: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct({ HEADROOM_TEST_CLOCK: '1' }), launchBrowser()])
  billing = await atBilling(browser, product.url)
  admin = await signIn(browser, product.url, 'Admin')
  editor = await signIn(browser, product.url, 'Editor')
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

async function meter(name: string, of = workspace): Promise<MeterUsageWire> {
  const { meters } = await product.headroom.usage(of)
  return meters.find((one) => one.meter === name)!
}
const leads = () => meter('leads')

const held = async () => (await product.headroom.reservations(workspace, { state: 'held' })).data
const target = (page: Page) => page.getByLabel('How many contacts should Ken find?')
const onward = (page: Page) => page.getByRole('button', { name: /^(Start import|Continue)$/ })
const clock = (advance: string) => product.sim('clock', { advance })

describe.sequential('the credits of a workspace', () => {
  test('A1 A2 A65 A135 A136 three metered resources, each with the limit the plan sets and its button', async () => {
    const card = planCard(billing)
    await shown(card.getByRole('progressbar')).toHaveCount(3)
    for (const [label, count, button] of [
      ['Emails sent', '0 of 4,000 emails', 'Purchase Emails'],
      ['Leads', '0 of 1,000 leads', 'Purchase Leads'],
      ['AI campaigns created', '0 of 3 AI campaigns', 'Purchase AI Credits'],
    ] as const) {
      await shown(card.getByRole('progressbar', { name: label, exact: true })).toBeVisible()
      await shown(card).toContainText(count)
      await shown(card.getByRole('button', { name: button, exact: true })).toBeEnabled()
    }
    await shown(card.getByRole('button', { name: 'Manage Plan' })).toBeEnabled()
  })

  test('A8 A9 A10 A112 A141 Editors and Members are redirected to their Profile when they navigate directly to Billing', async () => {
    const member = await signIn(browser, product.url, 'Member')
    for (const page of [editor, member]) {
      const answer = await page.goto(`${product.url}/settings/billing`)
      expect(answer!.request().redirectedFrom()?.url(), 'the server leads away, not the page').toMatch(/billing$/)
      await shown(page).toHaveURL(/\/settings\/profile$/)
      await shown(page.getByRole('heading', { name: 'Profile', level: 1 })).toBeVisible()
      await shown(page.getByRole('link', { name: 'Billing' })).toHaveCount(0)
    }
    await member.context().close()
  })

  test('A61 A64 A127 people who are searched for or taken as a list do not count', async () => {
    await admin.getByRole('link', { name: 'New campaign' }).click()
    await admin.getByLabel('Campaign name').fill('From the Leads Database')
    await onward(admin).click()
    await admin.getByRole('radio', { name: 'Leads Database' }).check()
    await onward(admin).click()
    const take = admin.getByRole('button', { name: /^Continue with [\d,]+ people$/ })
    await shown(take).toBeEnabled({ timeout: 90_000 })
    await take.click()
    await shown(target(admin)).toBeVisible({ timeout: 60_000 })
    await shown(
      admin.getByText(/Those that do not qualify or verify are not counted|the import stops when/),
    ).toBeVisible()
    expect(await leads()).toMatchObject({ used: 0, reserved: 0 })
  })

  test('A74 A144 A72 two imports started at the same time never take the same credits', async () => {
    await product.headroom.use(workspace, { lines: [{ meter: 'leads', quantity: 600 }], mode: 'enforce' })
    await target(admin).fill('300')
    await newCampaign(editor, 'At the same time')
    await upload(editor)
    await target(editor).fill('300')
    await Promise.all([startImport(admin), startImport(editor)])
    await shown(admin).toHaveURL(/\/campaigns\/cmp_/)
    // The second gets what the first has left, or is told at once that it does not fit any more.
    const wide = async () => (await held()).reduce((sum, { lines }) => sum + lines[0]!.reserved, 0)
    await expect.poll(wide, { timeout: 60_000 }).toBeGreaterThan(0)
    const { used, reserved, limit, available } = await leads()
    expect(used + reserved).toBeLessThanOrEqual(limit!)
    expect(available).toBe(limit! - used - reserved)
  })

  test('A77 A126 a balance that looks lower than expected is explained by what is reserved, and by which work', async () => {
    const row = planCard(billing).locator('.hr-meter').filter({ hasText: 'Leads' }).first()
    await shown(row).toContainText(/\d+ reserved/)
    await row.getByRole('button', { name: /Why this number/ }).click()
    await shown(dialogOf(billing)).toContainText(/reserved by "(From the Leads Database|At the same time)"/)
    await billing.keyboard.press('Escape')
    await expect.poll(async () => (await held()).length, { timeout: 120_000 }).toBe(0)
    const { used, available, limit, overage } = await leads()
    expect(used).toBeGreaterThan(600)
    expect([available, overage]).toEqual([limit! - used, 0])
  })

  test('A98 A103 A29 A30 A89 A136 A139 leads bought in mid-period at the plan’s rate clear the block and raise the cap', async () => {
    const before = await leads()
    await editor.goto(`${product.url}/campaigns`)
    await newCampaign(editor, 'More than is left')
    await editor.getByRole('button', { name: 'Use again' }).first().click()
    await onward(editor).click()
    await target(editor).fill(String(before.available! + 100))
    await shown(editor.getByText(/leads? left - Ask an Admin/)).toBeVisible()
    await choose(billing, 'Purchase Leads', 1_000)
    await shown(confirm(billing)).toHaveText('Purchase $90.00')
    await toCheckout(billing)
    await pay(billing)
    await backAtBilling(billing)
    await expect.poll(async () => (await leads()).limit).toBe(before.limit! + 1_000)
    expect(await toasts(billing)).toContain('Payment received. Your plan is being updated.')
    await shown(editor.getByText(/leads? left -/)).toHaveCount(0)
    await shown(onward(editor)).toBeEnabled()
  })

  test('A155 a price sent along from a page is not taken: the server prices by itself', async () => {
    const count = async () => (await product.headroom.purchases.list(workspace)).data.length
    const before = await count()
    await billing.route('**/v1/workspaces/*/checkout', (route) =>
      route.continue({ postData: JSON.stringify({ addOn: 'leads', blocks: 1, total: 1 }) }),
    )
    await choose(billing, 'Purchase Leads', 1_000)
    await confirm(billing).click()
    await expect.poll(() => toasts(billing)).toContain('Could not start the add-on purchase. Please try again.')
    await billing.unroute('**/v1/workspaces/*/checkout')
    await billing.keyboard.press('Escape')
    expect(await count()).toBe(before)
  })

  test('A149 a period that ends while an import runs settles it there; the new one begins with nothing reserved', async () => {
    // Five minutes before the end: what is held for the import lasts a quarter of an hour without a sign of life.
    const { period, asOf } = await product.headroom.usage(workspace)
    await clock(`PT${Math.floor((Date.parse(period.end) - Date.parse(asOf)) / 1_000) - 300}S`)
    await startImport(editor)
    await expect.poll(async () => (await held()).length, { timeout: 60_000 }).toBe(1)
    const before = await leads()
    await clock('PT10M')
    await shown(planCard(billing)).toContainText('0 of 1,000 leads')
    expect(await leads()).toMatchObject({ used: 0, reserved: 0, limit: 1_000 })
    await shown(editor.getByText('Finished', { exact: true })).toBeVisible({ timeout: 120_000 })
    expect(await leads()).toMatchObject({ used: 0, reserved: 0, limit: 1_000 })
    const { data } = await product.headroom.history(workspace, { meter: 'leads' })
    expect(data[1]!.limit).toBe(before.limit)
    expect(data[1]!.used).toBeGreaterThanOrEqual(before.used)
    expect(data[1]!.used).toBeLessThanOrEqual(before.used + before.reserved)
  })

  test('A86 A125 unused leads, email sends and AI credits are lost at the reset', async () => {
    await choose(billing, 'Purchase AI Credits', 2)
    await toCheckout(billing)
    await pay(billing)
    await backAtBilling(billing)
    await expect.poll(async () => (await meter('ai_campaigns')).limit).toBe(5)
    await clock('P1M')
    await shown(planCard(billing)).toContainText('0 of 3 AI campaigns')
    await shown(planCard(billing)).toContainText('0 of 4,000 emails')
    await shown(planCard(billing)).toContainText('0 of 1,000 leads')
    await shown(planCard(billing)).toContainText(/unused credits do not carry over/i)
  })

  test('A93 A138 on the Free plan of a new workspace the wizard offers to upgrade', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    await page.goto(`${product.url}/signup`)
    await page.getByLabel('Name', { exact: true }).fill('Nora New')
    await page.getByLabel('Email').fill('nora@new.example')
    await page.getByLabel('Password').fill('a long enough password')
    await page.getByLabel('Workspace name').fill('New house')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.waitForURL('**/campaigns')
    await newCampaign(page, 'The first one')
    await upload(page)
    await target(page).fill('60')
    await shown(page.getByText('50 leads left - Upgrade plan')).toBeVisible()
    await page.getByRole('link', { name: 'Upgrade plan' }).click()
    await page.waitForURL('**/settings/billing')
    await shown(planCard(page)).toContainText('0 of 50 leads')
    await context.close()
  })
})
