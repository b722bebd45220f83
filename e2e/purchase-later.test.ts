/** Purchases that do not go straight: no word from Stripe, a closed browser, a declined card, a slow bank, second thoughts. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import {
  atBilling,
  backAtBilling,
  choose,
  limits,
  newestPurchase,
  pay,
  planCard,
  purchaseRow,
  received,
  toasts,
  toCheckout,
  workspace,
} from './billing.ts'
import { launchBrowser } from './browser.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 180_000 })

let product: Product
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  // From here on Stripe tells us nothing: whatever arrives was found out by asking.
  await product.sim('webhooks', { paused: true })
  page = await atBilling(browser, product.url)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

/** Limits of what is bought by who comes back; what was forgotten arrives at any moment. */
async function bought() {
  const { ai_campaigns: _forgotten, ...others } = await limits(product)
  return others
}

describe.sequential('without a single webhook', () => {
  /** Paid by somebody who never came back. */
  let forgotten = ''

  test('A117 paid and the browser closed before it came back: nobody has told us yet', async () => {
    await choose(page, 'Purchase AI Credits', 7)
    await toCheckout(page)
    forgotten = (await newestPurchase(product)).id
    await page.route('**/settings/billing/return**', (route) => route.abort())
    await pay(page).catch(() => {})
    await expect.poll(async () => (await stateOfSession(forgotten)).payment_status).toBe('paid')
    await page.context().close()
    page = await atBilling(browser, product.url)
  })

  test('A38 A118 the return page asks by itself, and the meters show what was paid', async () => {
    await choose(page, 'Purchase Leads', 1_000)
    await toCheckout(page)
    await pay(page)
    await backAtBilling(page)
    await shown(planCard(page)).toContainText('0 of 2,000 leads')
    await expect.poll(() => toasts(page)).toEqual([received])
  })

  test('A146 second thoughts: "Cancel and go back" brings nothing, says nothing, and the checkout can be gone on with', async () => {
    const before = await bought()
    await choose(page, 'Purchase Emails', 4_000)
    await toCheckout(page)
    await page.getByRole('link', { name: 'Cancel and go back' }).click()
    await page.waitForURL(/\/settings\/billing\?checkout=cancelled$/)
    await shown(purchaseRow(page)).toContainText('Waiting for payment')
    await shown(purchaseRow(page).getByRole('link', { name: 'Continue checkout' })).toBeVisible()
    expect(await bought()).toEqual(before)
    expect(await toasts(page)).toEqual([received])
    expect(await violations(page)).toEqual([])
  })

  test('A146 a declined card brings nothing: the checkout stays open and says so', async () => {
    const before = await bought()
    await purchaseRow(page).getByRole('link', { name: 'Continue checkout' }).click()
    await page.waitForURL('**/stripe-simulator/pay/**')
    await pay(page, 'Card that is declined')
    await shown(page.getByRole('alert')).toContainText('declined')
    const { id, state } = await newestPurchase(product)
    expect(state).toBe('pending')
    expect((await product.headroom.purchases.reconcile(workspace, id)).state).toBe('pending')
    expect(await bought()).toEqual(before)
  })

  test('A38 A121 a slow bank: nothing rises until the money is there, and after three minutes there is a receipt to give to support', async () => {
    await page.clock.install()
    await page.goto(`${product.url}/settings/billing`)
    await purchaseRow(page).getByRole('link', { name: 'Continue checkout' }).click()
    await page.waitForURL('**/stripe-simulator/pay/**')
    await pay(page, 'Bank debit (settles later)')
    await backAtBilling(page)
    await shown(page.getByText('Payment is being confirmed…')).toBeVisible()
    await shown(purchaseRow(page)).toContainText('Payment is being confirmed')
    await shown(planCard(page)).toContainText('0 of 8,000 emails')
    expect(await toasts(page)).toEqual([received])

    await page.clock.fastForward('03:01')
    await shown(page.getByText('Still waiting for Stripe')).toBeVisible()
    const told = await page.locator('.hr-receipt').innerText()
    const { id } = await newestPurchase(product)
    expect((await product.headroom.purchases.byReceipt(told)).data).toMatchObject([{ id }])
    expect(await violations(page)).toEqual([])
  })

  test('A117 A120 the money arrives: the open page shows it by itself and says so once', async () => {
    const { id, checkoutSession } = await newestPurchase(product)
    await product.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'async_paid' })
    await product.headroom.purchases.reconcile(workspace, id)
    await shown(planCard(page)).toContainText('0 of 12,000 emails')
    await page.clock.runFor('01:00')
    await shown(page.getByText('Still waiting for Stripe')).toHaveCount(0)
    await shown(purchaseRow(page)).toContainText('Paid')
    await expect.poll(() => toasts(page)).toEqual([received, received])
  })

  test('A38 A117 what was paid by who never came back is granted all the same, by looking after it, within two minutes', async () => {
    const isGranted = async () => (await product.headroom.purchases.get(workspace, forgotten)).state
    await expect.poll(isGranted, { timeout: 120_000, interval: 500 }).toBe('paid')
    expect(await limits(product)).toEqual({ leads: 2_000, email_sends: 12_000, ai_campaigns: 10 })
  })

  test('A145 and when all that was held back is delivered at last, twice, nothing is granted again', async () => {
    const before = await limits(product)
    await product.sim('webhooks', { duplicate: 1, paused: false })
    const bought = await newestPurchase(product)
    await product.headroom.purchases.reconcile(workspace, bought.id)
    const delivered = async () => (await deliveries()).waiting
    await expect.poll(delivered, { timeout: 30_000 }).toBe(0)
    expect(await limits(product)).toEqual(before)
  })
})

test.each(['Editor', 'Member', 'View only'] as const)(
  'A8 A9 A11 A112 who is %s gets no page of Billing, also not by the link back from a checkout',
  async (role) => {
    const { checkoutSession } = await newestPurchase(product)
    const person = await signIn(browser, product.url, role)
    for (const path of ['/settings/billing', `/settings/billing/return?session_id=${checkoutSession}`]) {
      await person.goto(product.url + path)
      await person.waitForURL('**/settings/profile')
      await shown(person.getByText('Need more credits? Ask an Admin.')).toBeVisible()
    }
    const { token } = (await (await person.request.get(`${product.url}/api/token`)).json()) as { token: string }
    for (const path of ['checkout', 'portal', `purchases/${checkoutSession}/reconcile`]) {
      const answer = await person.request.post(`${product.url}/v1/workspaces/${workspace}/${path}`, {
        headers: { Authorization: `Bearer ${token}` },
        data: path === 'checkout' ? { addOn: 'leads', blocks: 1 } : {},
      })
      expect([path, answer.status()]).toEqual([path, 403])
    }
    await person.context().close()
  },
)

interface SimState {
  objects: Record<string, { id: string; payment_status?: string }[]>
  deliveries: { waiting: number }
}

const deliveries = async () => ((await product.sim('state')) as SimState).deliveries

async function stateOfSession(purchase: string) {
  const { checkoutSession } = await product.headroom.purchases.get(workspace, purchase)
  const { objects } = (await product.sim('state')) as SimState
  return objects['checkout.session']!.find(({ id }) => id === checkoutSession)!
}
