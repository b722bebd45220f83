/** The process dies in the middle of an import, as seen from the browser of the person who waits for it. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { shown, signIn, tally, uploadExample } from './pages.ts'
import { startProduct, type Product } from './product.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

test('A71 A75 A147 killed in the middle of an import and started again, the open page goes on to the same totals', async () => {
  const page = await signIn(browser, product.url, 'Admin')
  await page.getByRole('link', { name: 'Q4 founders' }).click()
  await uploadExample(page)
  await page.getByRole('button', { name: 'Start import' }).click()
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
}, 120_000)
