/** The ledger page: the same figures as the books, filtered, as a file, and a purchase by its receipt. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import type { EntryWire, LedgerFilter, PurchaseWire } from '@headroom/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { workspace } from './billing.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

let product: Product
let browser: Browser
let page: Page
let purchase: PurchaseWire

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  const { headroom } = product
  const { purchaseId } = await headroom.purchases.checkout(workspace, { addOn: 'leads', blocks: 2 })
  const { checkoutSession } = await headroom.purchases.get(workspace, purchaseId)
  await product.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  purchase = await headroom.purchases.reconcile(workspace, purchaseId)
  await headroom.reserve(workspace, { id: 'import_1', lines: [{ meter: 'leads', quantity: 200 }] })
  await headroom.commit(workspace, 'import_1', { lines: [{ meter: 'leads', quantity: 31 }] })
  const lines = [{ meter: 'email_sends', quantity: 1 }]
  const use = { op: 'use', workspace, lines, mode: 'record', reference: 'cmp_demo' } as const
  await headroom.batch(Array.from({ length: 60 }, () => use))
  page = await signIn(browser, product.url, 'Admin')
}, 240_000)
afterAll(async () => {
  await browser.close()
  await product.stop()
}, 60_000)

async function entries(filter: LedgerFilter = {}): Promise<EntryWire[]> {
  const all: EntryWire[] = []
  for await (const entry of product.headroom.ledgerEntries(workspace, filter)) all.push(entry)
  return all
}

const table = () => page.getByRole('table', { name: 'Ledger entries, newest first' })
const number = (n: number) => n.toLocaleString('en-US')
const thenText = ({ after: { limit, used, reserved } }: EntryWire) =>
  `${number(used)} used${reserved > 0 ? `, ${number(reserved)} reserved` : ''} of ${number(limit!)}`

const runs = () => table().locator('tbody tr.ledger-run')
const singles = () => table().locator('tbody tr:not(.ledger-run)')

/** The rows on the page are these entries, in this order, with the figures after each; those that stand in one row, once it is opened. */
async function mustShow(wanted: EntryWire[]): Promise<void> {
  await shown(async () => {
    const closed = table().getByRole('button', { name: /^Show each of/, expanded: false })
    while ((await closed.count()) > 0) await closed.first().press('Enter')
    expect(await singles().count()).toBe(wanted.length)
  }).toPass({ timeout: 20_000 })
  expect(await singles().locator('td:nth-child(4)').allInnerTexts()).toEqual(wanted.map(thenText))
}

test('A126 the ledger shows every entry of the books, page by page, with its figures; from Billing by a link', async () => {
  await page.goto(`${product.url}/settings/billing`)
  await page.getByRole('link', { name: 'Open the ledger' }).first().click()
  await page.waitForURL('**/settings/billing/ledger')
  await shown(page).toHaveTitle('Ledger · Ken')
  const all = await entries()
  // Alike and directly after one another: one row, with the figures after the newest.
  await shown(runs()).toHaveCount(1)
  await shown(runs()).toContainText('50 × Used +1')
  await shown(runs()).toContainText('= +50')
  await shown(runs().locator('td:nth-child(4)')).toHaveText(thenText(all[0]!))
  await mustShow(all.slice(0, 50))
  await page.getByRole('button', { name: 'Show older entries' }).click()
  await mustShow(all.slice(0, 100))
  await shown(runs().first()).toContainText('60 × Used +1')
  const used = table().getByRole('row', { name: /Used from a reservation/ })
  await shown(used.getByText('Used +31, reserved −31')).toBeVisible()
  expect(await violations(page)).toEqual([])
}, 180_000)

test('a filter stands in the address: it holds after a reload, and the file has what it lets through', async () => {
  await page.getByLabel('Meter').selectOption({ label: 'Leads' })
  await page.getByLabel('Change').selectOption({ label: 'Added' })
  const filter = { meter: 'leads', kind: 'grant' } as const
  const added = await entries(filter)
  await mustShow(added)
  await page.reload()
  await mustShow(added)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toBe(`ledger-${workspace}.csv`)
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
  expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual(added.map(({ seq }) => seq))
  await page.getByLabel('Change').selectOption({ label: 'Taken back' })
  await shown(page.getByRole('heading', { name: 'No entries' })).toBeVisible()
}, 180_000)

test('A121 a receipt in hand leads to the purchase, what it brought and its entries; another’s leads to nothing', async () => {
  await page.goto(`${product.url}/settings/billing/ledger`)
  const field = page.getByLabel('Receipt, payment or purchase id')
  const lookUp = page.getByRole('button', { name: 'Look up' })
  await field.fill(purchase.receipt!.number)
  await lookUp.click()
  const found = page.getByRole('region', { name: 'Look up a purchase' })
  await shown(found.getByText('2,000 leads + 8,000 email sends')).toBeVisible()
  await shown(found.getByText('$180.00')).toBeVisible()
  await shown(found.getByText('Paid', { exact: true }).first()).toBeVisible()
  const own = found.getByRole('table', { name: `Ledger entries of purchase ${purchase.id}` })
  expect(await own.locator('tbody tr td:nth-child(3)').allInnerTexts()).toEqual(['Limit +8,000', 'Limit +2,000'])
  expect(await violations(page)).toEqual([])
  // The receipt of an entry is a link to the same.
  await found.getByRole('button', { name: 'Clear' }).click()
  await page.getByLabel('Change').selectOption({ label: 'Added' })
  await table()
    .getByRole('link', { name: `Receipt ${purchase.receipt!.number}` })
    .first()
    .click()
  await shown(field).toHaveValue(purchase.id)
  await shown(found.getByText('$180.00')).toBeVisible()
  await field.fill('0000-0000')
  await lookUp.click()
  await shown(found.getByText('Nothing by that id in this workspace.')).toBeVisible()
}, 180_000)
