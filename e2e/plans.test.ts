/** A plan's life in the portal and at the checkout, under a clock that is moved: up at once, down and away at the end of what is paid. */
import type { Browser, Page } from '@playwright/test'
import type { UsageWire } from '@headroom/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import {
  atBilling,
  backAtBilling,
  limits,
  newestPurchase,
  pay,
  planCard,
  portalBy,
  purchaseRow,
  workspace,
} from './billing.ts'
import { launchBrowser } from './browser.ts'
import { newCampaign, shown, signIn, startImport, tally, upload } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 120_000 })

let product: Product
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct({ HEADROOM_TEST_CLOCK: '1' }), launchBrowser()])
  page = await atBilling(browser, product.url)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

const usage = (): Promise<UsageWire> => product.headroom.usage(workspace)
const managePlan = () => portalBy(page, planCard(page).getByRole('button', { name: 'Manage Plan' }))
const offer = (name: string) => page.getByRole('region', { name })
const day = (instant: string) =>
  new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

interface Stripe {
  id: string
  parent?: { subscription_details?: { subscription: string } }
}

/** Chooses a plan on the portal's page and agrees. */
async function changeTo(portal: Page, plan: RegExp): Promise<void> {
  await portal.getByRole('link', { name: 'Change plan' }).click()
  await portal.getByRole('radio', { name: plan }).check()
  await portal.getByRole('button', { name: 'Continue' }).click()
  await portal.getByRole('button', { name: /^(Pay .* and change|Confirm)$/ }).click()
}

/** To the end of the period that runs, and a minute on. */
async function passPeriod(): Promise<void> {
  const [{ period }, { now }] = await Promise.all([usage(), clock('PT0S')])
  const seconds = Math.ceil((Date.parse(period.end) - Date.parse(now)) / 1000) + 60
  await clock(`PT${seconds}S`)
}

const clock = (advance: string) => product.sim('clock', { advance }) as Promise<{ now: string }>

describe.sequential('in the portal', () => {
  test('A49 A50 A51 A52 A53 A54 Manage Plan opens the portal in a new tab, where plan, interval, card and end are changed', async () => {
    const portal = await managePlan()
    await shown(portal.getByRole('heading', { name: 'Current plan' })).toBeVisible()
    await shown(portal.getByText('$99.00 per month')).toBeVisible()
    for (const name of ['Change plan', 'Cancel plan', 'Update payment method']) {
      await shown(portal.getByRole('link', { name })).toBeVisible()
    }
    expect(await violations(portal)).toEqual([])
    await portal.getByRole('link', { name: 'Change plan' }).click()
    await shown(portal.getByRole('group', { name: 'Monthly' }).getByRole('radio')).not.toHaveCount(0)
    await shown(portal.getByRole('group', { name: 'Yearly' }).getByRole('radio')).not.toHaveCount(0)
    expect(await violations(portal)).toEqual([])
    await portal.close()
    await shown(planCard(page)).toBeVisible()
  })

  test('A52 the payment method is updated there', async () => {
    const portal = await managePlan()
    await portal.getByRole('link', { name: 'Update payment method' }).click()
    await portal.getByRole('radio', { name: /Card that pays/ }).check()
    await portal.getByRole('button', { name: 'Save' }).click()
    await shown(portal.getByText('Your payment method has been updated.')).toBeVisible()
    await portal.close()
  })

  test('A55 A150 an upgrade there raises the limits at once on the open page; what was used stays', async () => {
    await product.headroom.use(workspace, { lines: [{ meter: 'leads', quantity: 640 }], mode: 'enforce' })
    const portal = await managePlan()
    await changeTo(portal, /Growth plan, 5,000 contacts.*\$399/)
    await shown(portal.getByText('Your plan has been changed.')).toBeVisible()
    await portal.close()
    await shown(planCard(page).getByRole('heading', { name: /Growth plan/ })).toBeVisible()
    await shown(planCard(page)).toContainText('640 of 5,000 leads')
    await shown(planCard(page)).toContainText('0 of 20,000 emails')
    await shown(planCard(page)).toContainText('$399 / month')
  })

  test('A56 A58 A150 a downgrade changes nothing until the period ends, not even for an import that runs', async () => {
    const importer = await signIn(browser, product.url, 'Editor')
    await newCampaign(importer, 'While the plan shrinks')
    await upload(importer)
    await startImport(importer)

    const { period } = await usage()
    const portal = await managePlan()
    await changeTo(portal, /Starter plan, 2,000 contacts.*\$179/)
    await shown(portal.getByText('Your plan changes at the end of the current period.')).toBeVisible()
    await portal.close()
    await shown(planCard(page)).toContainText(`Changes to Starter, 2,000 contacts on ${day(period.end)}`)
    await shown(planCard(page).getByRole('heading', { name: /Growth plan/ })).toBeVisible()
    expect(await limits(product)).toEqual({ leads: 5_000, email_sends: 20_000, ai_campaigns: 25 })

    await shown(importer.getByText('Finished', { exact: true })).toBeVisible({ timeout: 90_000 })
    const counted = await tally(importer, 'Counted as leads')
    expect(counted).toBeGreaterThan(1_000)
    await shown(planCard(page)).toContainText(`${(640 + counted).toLocaleString('en-US')} of 5,000 leads`)
    await importer.context().close()
  })

  test('A56 A83 A84 A85 A150 at its end the smaller plan begins, with nothing used and nothing carried over', async () => {
    await passPeriod()
    await shown(planCard(page).getByRole('heading', { name: /Starter plan/ })).toBeVisible()
    await shown(planCard(page)).toContainText('0 of 2,000 leads')
    await shown(planCard(page)).toContainText('0 of 8,000 emails')
    expect(await limits(product)).toEqual({ leads: 2_000, email_sends: 8_000, ai_campaigns: 3 })
  })

  test('A53 A57 cancelled there, the plan stays to the end of the period, and the card says from when it is Free', async () => {
    const { period } = await usage()
    const portal = await managePlan()
    await portal.getByRole('link', { name: 'Cancel plan' }).click()
    await shown(portal.getByText(/Your plan stays available until/)).toBeVisible()
    await portal.getByRole('button', { name: 'Cancel plan' }).click()
    await shown(portal.getByText('Your cancellation is confirmed.')).toBeVisible()
    await portal.close()
    await shown(planCard(page)).toContainText(`Cancelled: Free from ${day(period.end)}`)
    expect(await limits(product)).toEqual({ leads: 2_000, email_sends: 8_000, ai_campaigns: 3 })

    await passPeriod()
    await shown(planCard(page).getByRole('heading', { name: /Free plan/ })).toBeVisible()
    await shown(planCard(page)).toContainText('0 of 50 leads')
  })

  test('A104 A107 A140 without a subscription there is nothing to pay, and that is no prediction', async () => {
    await shown(planCard(page)).toContainText('$0 / month')
    await shown(planCard(page).getByText('Predicted')).toHaveCount(0)
  })
})

describe.sequential('from the pricing section', () => {
  test('A87 from Free a plan is started through the checkout; paid yearly it costs a fifth less', async () => {
    await page.getByRole('radio', { name: /Pay yearly/ }).check({ force: true })
    await shown(offer('Starter plan')).toContainText('$79.20 / month')
    await shown(offer('Starter plan')).toContainText('billed $950.40 yearly')
    expect(await violations(page)).toEqual([])
    await offer('Starter plan').getByRole('button', { name: 'Start Starter plan' }).click()
    await page.waitForURL('**/stripe-simulator/pay/**')
    await shown(page.getByText('$950.40').first()).toBeVisible()
    await pay(page)
    await backAtBilling(page)
    await shown(planCard(page).getByRole('heading', { name: /Starter plan/ })).toBeVisible()
    await shown(planCard(page)).toContainText('$79.20 / month')
    await shown(planCard(page)).toContainText('billed yearly')
    await shown(purchaseRow(page)).toContainText('Starter plan, 1,000 contacts, yearly')
    expect(await newestPurchase(product)).toMatchObject({ total: 95_040, state: 'paid', interval: 'year' })
  })

  test('A88 A128 A151 a paid year releases its allowance month by month, of one invoice', async () => {
    expect(await limits(product)).toEqual({ leads: 1_000, email_sends: 4_000, ai_campaigns: 3 })
    await product.headroom.use(workspace, { lines: [{ meter: 'leads', quantity: 10 }], mode: 'enforce' })
    await shown(planCard(page)).toContainText('10 of 1,000 leads')
    for (let month = 0; month < 3; month++) await passPeriod()
    await shown(planCard(page)).toContainText('0 of 1,000 leads')
    const { objects } = (await product.sim('state')) as { objects: Record<string, Stripe[]> }
    const { id } = objects['subscription']![0]!
    const invoices = objects['invoice']!.filter(({ parent }) => parent?.subscription_details?.subscription === id)
    expect(invoices).toHaveLength(1)
    expect(await limits(product)).toEqual({ leads: 1_000, email_sends: 4_000, ai_campaigns: 3 })
  })

  test('A54 A55 with a plan, another volume is agreed to on the page of the portal that the button opens', async () => {
    await offer('Starter plan').getByRole('slider', { name: 'Contacts' }).fill('2')
    await shown(offer('Starter plan')).toContainText('3,000 contacts')
    await shown(offer('Starter plan')).toContainText('Takes effect now')
    const confirmation = await portalBy(
      page,
      offer('Starter plan').getByRole('button', { name: 'Upgrade to 3,000 contacts' }),
    )
    await shown(confirmation.getByRole('heading', { name: 'Confirm your change' })).toBeVisible()
    expect(await violations(confirmation)).toEqual([])
    await confirmation.getByRole('button', { name: /^(Pay .* and change|Confirm)$/ }).click()
    await confirmation.waitForURL('**/settings/billing')
    await confirmation.close()
    await shown(planCard(page)).toContainText('0 of 3,000 leads')
    await shown(planCard(page)).toContainText('$199.20 / month')
  })

  test('A20 A27 A79 A81 a plan without limits shows the raw count, and sells no more of it', async () => {
    await page.getByRole('radio', { name: 'Done for you' }).check({ force: true })
    const confirmation = await portalBy(
      page,
      offer('Done for you').getByRole('button', { name: 'Upgrade to Done for you' }),
    )
    await confirmation.getByRole('button', { name: /^(Pay .* and change|Confirm)$/ }).click()
    await confirmation.waitForURL('**/settings/billing')
    await confirmation.close()
    await shown(planCard(page).getByRole('heading', { name: /Done for you/ })).toBeVisible()
    await shown(planCard(page)).toContainText('0 emails')
    await shown(planCard(page)).not.toContainText('of 4,000 emails')
    await shown(planCard(page).getByRole('button', { name: 'Purchase Leads' })).toBeVisible()
    for (const name of ['Purchase Emails', 'Purchase AI Credits']) {
      await shown(planCard(page).getByRole('button', { name })).toHaveCount(0)
    }
    expect(await violations(page)).toEqual([])
  })
})
