/** Buying more of each resource, from the button to the meter. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import {
  atBilling,
  backAtBilling,
  choose,
  confirm,
  dialogOf,
  field,
  limits,
  newestPurchase,
  pay,
  planCard,
  purchaseRow,
  received,
  toasts,
  toCheckout,
} from './billing.ts'
import { launchBrowser } from './browser.ts'
import { shown } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 120_000 })

let product: Product
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  page = await atBilling(browser, product.url)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

describe.sequential('leads', () => {
  let returnLink = ''

  test('A24 A26 A31 A32 A33 A34 A35 A36 A37 three blocks, by typing and by steps, with the sends they bring and the total', async () => {
    await planCard(page).getByRole('button', { name: 'Purchase Leads' }).click()
    const dialog = dialogOf(page)
    await shown(field(page)).toHaveValue('1,000')
    await shown(confirm(page)).toHaveText('Purchase $90.00')
    await dialog.getByRole('button', { name: '+' }).click()
    await shown(field(page)).toHaveValue('2,000')
    await dialog.getByRole('button', { name: '+' }).click()
    await dialog.getByRole('button', { name: '+' }).click()
    await dialog.getByRole('button', { name: '−' }).click()
    await shown(field(page)).toHaveValue('3,000')
    await shown(dialog).toContainText('includes 12,000 email sends')
    await field(page).fill('3000')
    await shown(dialog.locator('output').last()).toHaveText('$270.00')
    await shown(confirm(page)).toHaveText('Purchase $270.00')
    expect(await violations(page)).toEqual([])
  })

  test('A25 A28 A154 the button, the page of the checkout and the stored purchase say one amount; nothing rises before it is paid', async () => {
    await toCheckout(page)
    await shown(page.getByRole('button', { name: 'Pay $270.00' })).toBeVisible()
    await shown(page.getByRole('list', { name: 'Order' })).toContainText('3 × $90.00')
    expect(await violations(page)).toEqual([])
    expect(await newestPurchase(product)).toMatchObject({ total: 27_000, currency: 'usd', state: 'pending', blocks: 3 })
    expect(await limits(product)).toEqual({ email_sends: 4_000, leads: 1_000, ai_campaigns: 3 })
  })

  test('A35 A38 A118 paid, the meters have risen by 3,000 leads and 12,000 sends, and one toast says so', async () => {
    const link = page.waitForRequest(/\/settings\/billing\/return\?session_id=cs_/)
    await pay(page)
    returnLink = (await link).url()
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 4,000 leads')
    await shown(planCard(page)).toContainText('0 of 16,000 emails')
    await expect.poll(() => toasts(page)).toEqual([received])
    expect(await limits(product)).toEqual({ email_sends: 16_000, leads: 4_000, ai_campaigns: 3 })
  })

  test('A121 A154 the purchase stands in the list with its state, amount and receipt, and support finds it by that', async () => {
    await shown(purchaseRow(page)).toContainText('3,000 leads + 12,000 email sends')
    await shown(purchaseRow(page)).toContainText('Paid')
    await shown(purchaseRow(page)).toContainText('$270.00')
    const { id, receipt } = await newestPurchase(product)
    await shown(purchaseRow(page)).toContainText(`Receipt ${receipt!.number}`)
    expect((await product.headroom.purchases.byReceipt(receipt!.number)).data).toMatchObject([{ id }])
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      purchaseRow(page)
        .getByRole('link', { name: /^Receipt/ })
        .click(),
    ])
    await shown(tab.getByText(receipt!.number)).toBeVisible()
    await tab.close()
  })

  test('A119 A120 a reload, Back and the same link again say nothing more and grant nothing more', async () => {
    await page.reload()
    await shown(planCard(page)).toContainText('0 of 4,000 leads')
    await page.goBack()
    await shown(page.getByText('This checkout was paid. It cannot be paid again.')).toBeVisible()
    await page.getByRole('link', { name: 'Back to the shop' }).click()
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 4,000 leads')
    await page.goto(returnLink)
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 4,000 leads')
    expect(await toasts(page)).toEqual([received])
    expect(await limits(product)).toEqual({ email_sends: 16_000, leads: 4_000, ai_campaigns: 3 })
  })
})

describe.sequential('email sends and AI credits', () => {
  test('A39 A40 A41 A42 A153 sends in blocks of 4,000: what is typed is rounded up before the eyes, with the leads it covers', async () => {
    await choose(page, 'Purchase Emails', 4_001)
    await field(page).blur()
    await shown(field(page)).toHaveValue('8,000')
    await shown(dialogOf(page)).toContainText('Rounded up to 8,000: email sends are sold in blocks of 4,000')
    await shown(dialogOf(page)).toContainText('covers 2,000 leads')
    await shown(confirm(page)).toHaveText('Purchase $72.00')
    expect(await violations(page)).toEqual([])
  })

  test('A43 A44 A153 they are charged and credited as rounded, and bring no leads', async () => {
    await toCheckout(page)
    await shown(page.getByRole('button', { name: 'Pay $72.00' })).toBeVisible()
    await pay(page)
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 24,000 emails')
    expect(await limits(product)).toMatchObject({ email_sends: 24_000, leads: 4_000 })
    expect(await newestPurchase(product)).toMatchObject({ blocks: 2, total: 7_200, state: 'paid' })
  })

  test('A45 A46 A47 A48 AI credits by the keyboard alone: $5 each, however many', async () => {
    const button = planCard(page).getByRole('button', { name: 'Purchase AI Credits' })
    await button.focus()
    await page.keyboard.press('Enter')
    await shown(field(page)).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowDown')
    await shown(confirm(page)).toHaveText('Purchase $10.00')
    await page.keyboard.press('Escape')
    await shown(dialogOf(page)).toHaveCount(0)
    await shown(button).toBeFocused()

    await page.keyboard.press('Enter')
    await page.keyboard.type('40')
    await shown(confirm(page)).toHaveText('Purchase $200.00')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL('**/stripe-simulator/pay/**')
    await shown(page.getByRole('button', { name: 'Pay $200.00' })).toBeVisible()
    await page.getByLabel('Email').focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('buyer@ken.example')
    await page.keyboard.press('Enter')
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 43 AI campaigns')
    expect(await toasts(page)).toEqual([received, received, received])
  })

  test('A153 leads that are no whole blocks are rounded up, and Enter buys only what was seen', async () => {
    await choose(page, 'Purchase Leads', 2_500)
    await page.keyboard.press('Enter')
    await shown(field(page)).toHaveValue('3,000')
    await shown(dialogOf(page)).toContainText('Rounded up to 3,000: leads are sold in blocks of 1,000')
    await shown(confirm(page)).toHaveText('Purchase $270.00')
    expect(await newestPurchase(product)).toMatchObject({ addOn: 'ai_campaigns' })
    await page.keyboard.press('Enter')
    await page.waitForURL('**/stripe-simulator/pay/**')
    await shown(page.getByRole('button', { name: 'Pay $270.00' })).toBeVisible()
  })
})
