/** The help page in the app: whole, readable by anyone, with ways to the places it speaks of and to people. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contents } from '../apps/ken/web/help/contents.ts'
import { violations } from './axe.ts'
import { launchBrowser } from './browser.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

const article = '/help/usage-credits-and-limits'
let product: Product
let browser: Browser
beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
}, 180_000)
afterAll(async () => {
  await browser.close()
  await product.stop()
}, 60_000)

async function signedOut(path: string, width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(product.url + path)
  await shown(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

test('A142 the article is whole: overview, before you start, reading, topping up, plan, how it works, symptoms, questions, related, contact', async () => {
  const page = await signedOut(article)
  expect(await page.title()).toBe('Usage, credits and limits · Ken')
  const main = page.getByRole('article')
  expect(await main.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
    'Overview',
    'Before you start',
    'How to read your usage meters',
    'How to top up mid-cycle',
    'How to manage your plan',
    'How it works',
    'Troubleshooting & debugging',
    'FAQ',
    'Related articles',
    'Still need help?',
  ])
  const within = async (name: string) => {
    const section = main.getByRole('region', { name, exact: true })
    return (await section.getByRole('heading', { level: 3 }).allInnerTexts()).map((text) => text.trim())
  }
  expect(await within('How to top up mid-cycle')).toEqual([
    'Purchase Leads',
    'Purchase email sends',
    'Purchase AI credits',
  ])
  expect(await within('How it works')).toHaveLength(4)
  const symptoms = await within('Troubleshooting & debugging')
  expect(symptoms).toHaveLength(8)
  expect(symptoms.every((text) => text.startsWith('Symptom: '))).toBe(true)
  expect(await within('FAQ')).toHaveLength(6)
  expect(await main.getByRole('region', { name: 'Related articles' }).getByRole('link').count()).toBe(3)

  // Every line of the table of contents leads to the heading it names, and so does a link to it from elsewhere.
  const ways = page.getByRole('navigation', { name: 'On this page' }).getByRole('link')
  expect(await ways.allInnerTexts()).toEqual(contents.flatMap(({ title, ...rest }) => [title, ...partsOf(rest)]))
  await ways.getByText('Billing period and rollover').click()
  await shown(main.getByRole('heading', { name: 'Billing period and rollover' })).toBeInViewport()
  const linked = await signedOut(`${article}#unlimited`)
  await shown(linked.getByRole('heading', { name: 'When a meter is unlimited' })).toBeInViewport()
  await linked.context().close()
  expect(await violations(page)).toEqual([])
  await page.context().close()
}, 180_000)

const partsOf = (rest: object): string[] =>
  'parts' in rest ? (rest.parts as { title: string }[]).map(({ title }) => title) : []

test('A141 a link to Settings > Billing leads there, signed out through the sign-in, and back from the app to the article', async () => {
  const page = await signedOut(article, 390)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.getByRole('link', { name: 'Settings > Billing' }).first().click()
  await page.waitForURL('**/login?next=%2Fsettings%2Fbilling')
  await page.getByRole('button', { name: 'Admin', exact: true }).click()
  await page.waitForURL('**/settings/billing')
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('link', { name: 'Help' }).click()
  await page.waitForURL(`**${article}`)
  await page.getByRole('link', { name: 'Back to Ken' }).click()
  await page.waitForURL('**/campaigns')
  await page.context().close()
}, 180_000)

test('A143 “Contact us” promises an answer within a business day and reaches support, signed in and signed out', async () => {
  const page = await signIn(browser, product.url, 'Admin')
  await page.goto(product.url + article)
  const block = page.getByRole('region', { name: 'Still need help?' })
  await shown(block.getByText('We usually reply within a business day.')).toBeVisible()
  await block.getByRole('link', { name: 'Contact us' }).click()
  await page.waitForURL('**/help/contact')
  await page.getByRole('button', { name: 'Send message' }).click()
  await shown(page.getByText('Write what this is about.')).toBeVisible()
  await shown(page.getByLabel('Message')).toBeFocused()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Message').fill('The meter stands still since this morning.')
  await page.getByLabel('Receipt or purchase id').fill('1234-5678')
  await page.getByRole('button', { name: 'Send message' }).click()
  await shown(page.getByText('Your message has been sent. We answer to admin@ken.example')).toBeFocused()

  const stranger = await signedOut('/help/contact')
  await stranger.getByLabel('Name').fill('Zoë Stranger')
  await stranger.getByLabel('Email').fill('zoe@home.example')
  await stranger.getByLabel('Message').fill('Do you have a plan for two?')
  await stranger.getByRole('button', { name: 'Send message' }).click()
  await shown(stranger.getByText('We answer to zoe@home.example')).toBeVisible()
  await stranger.context().close()

  // In a demo the Admin plays support too: both mails stand in the mailbox.
  await page.goto(`${product.url}/mailbox`)
  await shown(page.getByText('Message from Ada Admin')).toBeVisible()
  await shown(page.getByText('Message from Zoë Stranger')).toBeVisible()
  await page.context().close()
}, 180_000)

test('an address that leads nowhere says so, and leads on', async () => {
  const page = await signedOut('/no/such/page')
  expect(await page.title()).toBe('Page not found · Ken')
  await page.getByRole('link', { name: 'Help' }).click()
  await page.waitForURL(`**${article}`)
  await page.context().close()
}, 60_000)
