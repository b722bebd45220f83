/** What an Admin does on Billing and on Stripe's pages, step by step. */
import type { Browser, Locator, Page } from '@playwright/test'
import type { PurchaseWire } from '@headroom/sdk'
import { shown, signIn } from './pages.ts'
import type { Product } from './product.ts'

export const workspace = 'ws_demo'
export const received = 'Payment received. Your plan is being updated.'

/** An Admin at Billing, with its toasts written down. */
export async function atBilling(browser: Browser, url: string): Promise<Page> {
  const page = await signIn(browser, url, 'Admin')
  await page.addInitScript(recordToasts)
  await page.goto(`${url}/settings/billing`)
  await shown(planCard(page).getByRole('progressbar').first()).toBeVisible()
  return page
}

/** Runs in the page: a toast is gone after seconds, what it said stays in this tab's session. */
function recordToasts(): void {
  const seen = new WeakSet<Element>()
  const look = () => {
    for (const toast of document.querySelectorAll('[data-sonner-toast]')) {
      if (seen.has(toast)) continue
      seen.add(toast)
      const before = JSON.parse(sessionStorage.getItem('toasts') ?? '[]') as string[]
      sessionStorage.setItem('toasts', JSON.stringify([...before, toast.textContent]))
    }
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}

/** Every toast this tab has shown on Ken's own pages, also before a reload. */
export const toasts = (page: Page): Promise<string[]> =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem('toasts') ?? '[]') as string[])

export const planCard = (page: Page): Locator => page.getByRole('region', { name: 'Current plan' })
export const dialogOf = (page: Page): Locator => page.getByRole('dialog')
export const field = (page: Page): Locator => dialogOf(page).getByLabel('Quantity')
export const confirm = (page: Page): Locator => dialogOf(page).getByRole('button', { name: /^Purchase/ })
/** The newest purchase of the list. */
export const purchaseRow = (page: Page): Locator => page.locator('.hr-purchase-row').first()

/** Opens a purchase dialog and types how many. */
export async function choose(
  page: Page,
  button: 'Purchase Leads' | 'Purchase Emails' | 'Purchase AI Credits',
  quantity: number,
) {
  await planCard(page).getByRole('button', { name: button }).click()
  await field(page).fill(String(quantity))
}

/** On to Stripe's page. */
export async function toCheckout(page: Page): Promise<void> {
  await confirm(page).click()
  await page.waitForURL('**/stripe-simulator/pay/**')
}

export type Means = 'Card that pays' | 'Card that is declined' | 'Bank debit (settles later)'

/** Pays on Stripe's page. */
export async function pay(page: Page, means: Means = 'Card that pays'): Promise<void> {
  const email = page.getByLabel('Email')
  if (await email.isVisible()) await email.fill('buyer@ken.example')
  await page.getByRole('radio', { name: means }).check()
  await page.getByRole('button', { name: /^(Pay|Subscribe)/ }).click()
}

/** Back on Billing, as the return page leads there. */
export async function backAtBilling(page: Page): Promise<void> {
  await page.waitForURL(/\/settings\/billing$/)
  await shown(planCard(page)).toBeVisible()
}

export async function newestPurchase(product: Product): Promise<PurchaseWire> {
  const { data } = await product.headroom.purchases.list(workspace, { limit: 1 })
  return data[0]!
}

/** Limits by meter, as the books have them. */
export async function limits(product: Product): Promise<Record<string, number | null>> {
  const { meters } = await product.headroom.usage(workspace)
  return Object.fromEntries(meters.map(({ meter, limit }) => [meter, limit]))
}

/** The tab that a click opens, once the portal shows in it. */
export async function portalBy(page: Page, button: Locator): Promise<Page> {
  const [tab] = await Promise.all([page.waitForEvent('popup'), button.click()])
  await tab.waitForURL('**/stripe-simulator/portal/**')
  return tab
}
