/** Imports that do not run through to their end, as seen from the browser of the person who waits for them. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { contactsFile, newCampaign, shown, signIn, startImport, tally, upload } from './pages.ts'
import { startProduct, type Product } from './product.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

test('A71 A75 A147 killed in the middle of an import and started again, the open page goes on to the same totals', async () => {
  const page = await signIn(browser, product.url, 'Admin')
  await page.getByRole('link', { name: 'Q4 founders' }).click()
  await upload(page)
  await startImport(page)
  const progress = page.getByRole('progressbar', { name: /Import of contacts.csv/ })
  await shown(progress).toHaveAttribute('aria-valuetext', /^[1-9]\d* of 2,000 rows read$/)
  await product.kill()

  await shown(page.getByText(/The progress cannot be read right now/)).toBeVisible()
  await product.start()
  await shown(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 })
  await shown(page.getByText(/The progress cannot be read right now/)).toHaveCount(0)

  expect(await tally(page, 'Counted as leads')).toBe(696)
  await shown(page.getByText('696 of the 1,000 reserved leads counted, 304 returned.')).toBeVisible()
  const { meters } = await product.headroom.usage('ws_demo')
  expect(meters.find(({ meter }) => meter === 'leads')).toMatchObject({ used: 696, reserved: 0, available: 304 })
}, 180_000)

test('A152 cancelled, an import keeps what counted and returns the rest at once', async () => {
  await product.headroom.grant('ws_demo', { meter: 'leads', quantity: 20_000, reason: 'Room for another import' })
  const page = await signIn(browser, product.url, 'Editor')
  await newCampaign(page, 'Everyone in the list')
  // Long enough that it is still under way however slowly the dialog is drawn and checked.
  await upload(page, contactsFile(20_000))
  await startImport(page)
  const cancel = page.getByRole('button', { name: 'Cancel import' })
  const question = page.getByRole('alertdialog', { name: 'Cancel this import?' })

  // Thinking again costs nothing: Escape leaves the dialog, and the focus is where it was.
  await cancel.click()
  await shown(question).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await shown(question).toHaveCount(0)
  await shown(cancel).toBeFocused()

  await cancel.click()
  await question.getByRole('button', { name: 'Cancel import' }).click()
  await shown(page.getByText('Cancelled', { exact: true })).toBeVisible()
  // The button that had the focus is gone: reading goes on at the import's own heading.
  await shown(page.getByRole('heading', { name: 'Import of contacts.csv' }).first()).toBeFocused()
  const counted = await tally(page, 'Counted as leads')
  await shown(page.getByText(/reserved leads counted, [1-9][\d,]* returned/)).toBeVisible()
  const { meters } = await product.headroom.usage('ws_demo')
  const used = 696 + counted
  expect(meters.find(({ meter }) => meter === 'leads')).toMatchObject({ used, reserved: 0, available: 21_000 - used })
}, 180_000)
