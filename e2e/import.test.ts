/** The main job in a browser, from the login to the books: one story, told in order, against the product as it is started. */
import type { Browser, Page } from '@playwright/test'
import type { MeterUsageWire } from '@headroom/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { newCampaign, shown, signIn, startImport, tally, upload } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 120_000 })

const workspace = 'ws_demo'
let product: Product
let browser: Browser
let admin: Page
/** A second Admin's window, which stays on Billing. */
let billing: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  admin = await signIn(browser, product.url, 'Admin')
  billing = await signIn(browser, product.url, 'Admin')
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

async function leads(): Promise<MeterUsageWire> {
  const { meters } = await product.headroom.usage(workspace)
  return meters.find(({ meter }) => meter === 'leads')!
}

const figure = (quantity: number) => quantity.toLocaleString('en-US')
const target = (page: Page) => page.getByLabel('How many contacts should Ken find?')
/** What starts the import, or goes on to the review of it. */
const onward = (page: Page) => page.getByRole('button', { name: /^(Start import|Continue)$/ })
const left = (quantity: number, action: string) => `${figure(quantity)} leads left - ${action}`

describe.sequential('a campaign, from the upload to the books', () => {
  test('A5 A141 current usage is found at Settings > Billing from the sidebar', async () => {
    await shown(billing.getByRole('heading', { name: 'Settings' })).toBeVisible()
    await billing.getByRole('link', { name: 'Billing' }).click()
    await billing.waitForURL('**/settings/billing')
    await shown(billing.getByRole('heading', { name: 'Billing', level: 1 })).toBeVisible()
  })

  test('A6 A13 A14 the plan card is on top, with the plan, the price and the live meters', async () => {
    const card = billing.getByRole('region', { name: 'Current plan' })
    await shown(card.getByRole('heading', { name: /Starter plan/ })).toBeVisible()
    await shown(card).toContainText('$99 / month')
    await shown(card.getByRole('progressbar')).toHaveCount(3)
    const top = (await card.boundingBox())!.y
    const work = (await billing.getByRole('heading', { name: 'Work in progress' }).boundingBox())!.y
    expect(top).toBeLessThan(work)
  })

  test('A15 A16 A17 A18 A19 A135 three bars, each with its label, count and total', async () => {
    const card = billing.getByRole('region', { name: 'Current plan' })
    for (const [label, text] of [
      ['Emails sent', '0 of 4,000 emails'],
      ['Leads', '0 of 1,000 leads'],
      ['AI campaigns created', '0 of 3 AI campaigns'],
    ] as const) {
      await shown(card.getByRole('progressbar', { name: label, exact: true })).toHaveCount(1)
      await shown(card).toContainText(text)
    }
  })

  test('A100 A102 the wizard says how many the file may hold and at how many the import stops', async () => {
    await admin.getByRole('link', { name: 'Q4 founders' }).click()
    await upload(admin)
    await shown(admin.getByText(/2,000 rows, 1,\d{3} usable, \d+ rejected/)).toBeVisible()
    await admin.getByText(/columns recognised/).click()
    await shown(admin.getByText('read as Job title')).toBeVisible()
    await admin.getByText(/rejected rows/).click()
    await shown(admin.getByText(/Not an email address/).first()).toBeVisible()
    await shown(admin.getByText('1,000 leads left', { exact: false }).first()).toBeVisible()
    await shown(
      admin.getByText(/1,\d{3} contacts that could count, and 1,000 leads are left: the import stops when 1,000/),
    ).toBeVisible()
  })

  test('A73 A71 A77 while it runs what it may need is reserved, and Billing shows it', async () => {
    await startImport(admin)
    await shown(admin.getByRole('progressbar', { name: /Import of contacts.csv/ })).toBeVisible()
    await shown(billing.getByText(/\d reserved by work in progress/)).toBeVisible()
    await shown(billing.getByRole('listitem').filter({ hasText: 'leads reserved' })).toBeVisible()
    const { available, limit, used, reserved } = await leads()
    expect(reserved).toBeGreaterThan(0)
    expect(available).toBe(limit! - used - reserved)
    expect(available).toBeLessThan(limit! - used)
  })

  test('A59 A63 A75 A76 A78 at the end exactly those who qualified and were verified are used, the rest is available again', async () => {
    await shown(admin.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 })
    const counted = await tally(admin, 'Counted as leads')
    expect(counted).toBe(await tally(admin, 'Verified'))
    expect(counted).toBeLessThan(await tally(admin, 'Qualified'))
    expect(counted).toBe(696)
    await shown(
      admin.getByText(`${counted} of the 1,000 reserved leads counted, ${1000 - counted} returned.`),
    ).toBeVisible()
    expect(await leads()).toMatchObject({ used: counted, reserved: 0, available: 1000 - counted })
    await shown(billing.getByText(`${counted} of 1,000 leads`).first()).toBeVisible()
    await shown(billing.getByText(/reserved by work in progress/)).toHaveCount(0)
  })

  test('A60 A62 A63 every row that did not count says why', async () => {
    await admin.getByText('not counted, and why').click()
    for (const reason of [
      'No email address',
      'Title does not match',
      'Duplicate in this file',
      'Domain takes any address',
    ]) {
      await shown(admin.getByText(reason, { exact: true }).first()).toBeVisible()
    }
    await admin.getByLabel('Show').selectOption('not_counted')
    await shown(admin.getByRole('cell', { name: /^Counted/ })).toHaveCount(0)
    await shown(admin.getByRole('row')).toHaveCount(51)
    await admin.getByRole('button', { name: 'Show more contacts' }).click()
    await shown(admin.getByRole('row')).toHaveCount(301)
  })

  test('A90 A92 A94 A97 a number above what is left is blocked inline, with the figure Billing shows', async () => {
    await newCampaign(admin, 'Everyone in the list')
    await upload(admin)
    const { available } = await leads()
    await target(admin).fill('900')
    await shown(admin.getByText(left(available!, 'Upgrade plan'))).toBeVisible()
    await shown(admin.getByRole('link', { name: 'Upgrade plan' })).toHaveAttribute('href', '/settings/billing')
    await shown(onward(admin)).toBeDisabled()
    await shown(billing.getByText(`${figure(1000 - available!)} of 1,000 leads`).first()).toBeVisible()
  })

  test('A99 lowering the target clears the block when it fits', async () => {
    await target(admin).fill('10')
    await shown(admin.getByText(/leads left -/)).toHaveCount(0)
    await shown(onward(admin)).toBeEnabled()
    await target(admin).fill('900')
    await shown(onward(admin)).toBeDisabled()
  })

  test('a number that cannot be is refused beside the field, and stays as it was typed', async () => {
    for (const typed of ['60000', '0', '1.5']) {
      await target(admin).fill(typed)
      await target(admin).blur()
      await shown(admin.getByText('Type a whole number from 1 to 50,000.')).toBeVisible()
      await shown(onward(admin)).toBeDisabled()
    }
    await shown(target(admin)).toHaveValue('1.5')
    await target(admin).fill('90')
    await shown(admin.getByText('Type a whole number from 1 to 50,000.')).toHaveCount(0)
    await target(admin).press('a')
    await shown(admin.getByText('Type a whole number from 1 to 50,000.')).toBeVisible()
    await target(admin).fill('900')
    await shown(admin.getByText(/^\d+ of the 900 fit: that is what is left/)).toBeVisible()
  })

  test('A3 A100 A101 the second choice imports what fits, and not one lead more', async () => {
    const { available } = await leads()
    await admin.getByRole('button', { name: `Import ${available} of 900` }).click()
    await shown(admin.getByText(`${available} leads of the ${available} left are reserved`)).toBeVisible()
    await startImport(admin)
    await shown(admin.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 })
    await admin.getByText('not counted, and why').click()
    await shown(admin.getByText('Not processed: limit reached').first()).toBeVisible()
    expect(await leads()).toMatchObject({ used: 1000, reserved: 0, available: 0, overage: 0 })
    await shown(billing.getByText('1,000 of 1,000 leads').first()).toBeVisible()
  })

  test('A132 A3 A4 at the limit a new import is refused where it would start, with the way to Billing', async () => {
    await admin.getByRole('button', { name: 'Import more contacts' }).click()
    await admin.getByRole('button', { name: 'Use again' }).first().click()
    await shown(admin.getByText(left(0, 'Upgrade plan'))).toBeVisible()
    await shown(onward(admin)).toBeDisabled()
    await admin.getByRole('link', { name: 'Upgrade plan' }).click()
    await admin.waitForURL('**/settings/billing')
  })

  test('A11 A129 A130 an Editor draws on the same pool, and is told to ask an Admin', async () => {
    const editor = await signIn(browser, product.url, 'Editor')
    await editor.getByRole('link', { name: 'Everyone in the list' }).click()
    await editor.getByRole('button', { name: 'Import more contacts' }).click()
    await editor.getByRole('button', { name: 'Use again' }).first().click()
    await shown(editor.getByText(left(0, 'Ask an Admin'))).toBeVisible()
    await shown(editor.getByRole('link', { name: /Upgrade|Buy/ })).toHaveCount(0)

    // A98 A103: more of the resource, here by an operator's grant, clears the block on the open page and raises the cap.
    await product.headroom.grant(workspace, { meter: 'leads', quantity: 250, reason: 'A courtesy' })
    await shown(editor.getByText(/the import stops when 250 have counted/)).toBeVisible()
    await shown(onward(editor)).toBeEnabled()
    await target(editor).fill('250')
    await shown(editor.getByText(/leads left -/)).toHaveCount(0)
    await editor.context().close()
  })

  test('A91 A95 A96 on Growth and DFY the block offers credits', async () => {
    for (const plan of ['growth', 'dfy']) {
      await product.headroom.workspaces.setPlan(workspace, { plan, contacts: 10_000, when: 'now' })
      const { available } = await leads()
      // A change of plan never lowers what this period has: after the first one there is nothing more to use up.
      if (available! > 7) {
        await product.headroom.use(workspace, { lines: [{ meter: 'leads', quantity: available! - 7 }], mode: 'record' })
      }
      await admin.getByRole('link', { name: 'Campaigns' }).click()
      await admin.getByRole('link', { name: 'Everyone in the list' }).click()
      await admin.getByRole('button', { name: 'Import more contacts' }).click()
      await admin.getByRole('button', { name: 'Use again' }).first().click()
      await shown(admin.getByText(left(7, 'Buy credits'))).toBeVisible()
    }
  })

  test('A20 A80 A82 a meter without a limit shows its raw count alone', async () => {
    const card = billing.getByRole('region', { name: 'Current plan' })
    await shown(card.getByRole('heading', { name: /Done for you/ })).toBeVisible()
    await shown(card.getByText('0 emails', { exact: true })).toBeVisible()
    await shown(card).not.toContainText('of 40,000')
  })

  test('every page of the story is free of accessibility violations, light, dark and narrow', async () => {
    await admin.goto(`${product.url}/campaigns`)
    const campaign = new URL(
      (await admin.getByRole('link', { name: 'Q4 founders' }).getAttribute('href'))!,
      product.url,
    ).pathname
    for (const look of [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 390 },
    ] as const) {
      await admin.emulateMedia({ colorScheme: look.colorScheme })
      await admin.setViewportSize({ width: look.width, height: 800 })
      for (const path of ['/campaigns', '/campaigns/new', campaign, '/settings/billing', '/settings/profile']) {
        await admin.goto(product.url + path)
        await admin.getByRole('heading', { level: 1 }).waitFor()
        await shown(admin.getByText(/^Loading/)).toHaveCount(0)
        expect(await violations(admin), `${path} ${look.colorScheme}`).toEqual([])
        const overflow = await admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(overflow, `${path} at ${look.width} px`).toBeLessThanOrEqual(0)
      }
    }
  })
})
