/** People in a workspace: invited, given another role, removed; and what each of them gets by mail. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import { planCard } from './billing.ts'
import { launchBrowser } from './browser.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 180_000 })

let product: Product
let browser: Browser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

const password = 'correct horse battery'

async function stranger(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(20_000)
  return page
}

async function signUp(name: string, workspace: string): Promise<Page> {
  const page = await stranger()
  await page.goto(`${product.url}/login`)
  await page.getByRole('link', { name: 'Sign up' }).click()
  await shown(page.getByRole('heading', { name: 'Sign up' })).toBeFocused()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Email').fill(`${name.toLowerCase()}@corp.example`)
  await page.getByLabel('Password').fill(password)
  await page.getByLabel('Workspace name').fill(workspace)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL('**/campaigns')
  return page
}

/** Invites by keyboard alone and answers the link that is shown; the focus is back on the button then. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  const button = page.getByRole('button', { name: 'Invite Member' })
  await button.focus()
  await page.keyboard.press('Enter')
  await shown(page.getByLabel('Email address')).toBeFocused()
  await page.keyboard.type(email)
  await page.getByRole('radio', { name: role }).check()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  const link = page.getByLabel('Invitation link')
  await shown(link).toBeVisible()
  await shown(page.getByRole('button', { name: 'Copy link' })).toBeFocused()
  expect(await violations(page)).toEqual([])
  const url = await link.inputValue()
  await page.keyboard.press('Escape')
  await shown(page.getByRole('dialog')).toHaveCount(0)
  await shown(button).toBeFocused()
  return url
}

/** Of the roster or the invitations; what a toast says of somebody is not meant. */
const row = (page: Page, who: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: who })

test('A7 A11 A12 A129 an Admin invites an Editor and raises the role: Billing opens, with the same credits for both', async () => {
  const admin = await signIn(browser, product.url, 'Admin')
  await admin.getByRole('link', { name: 'Users' }).click()
  const link = await invite(admin, 'nora@corp.example', 'Editor')
  await shown(row(admin, 'nora@corp.example')).toContainText('Editor')

  const nora = await stranger()
  await nora.goto(link)
  await shown(nora.getByText('Ada Admin invites nora@corp.example to Demo workspace as Editor.')).toBeVisible()
  await nora.getByLabel('Name', { exact: true }).fill('Nora New')
  await nora.getByLabel('Choose a password').fill(password)
  await nora.getByRole('button', { name: 'Accept invitation' }).click()
  await nora.waitForURL('**/campaigns')
  await nora.goto(`${product.url}/settings/billing`)
  await nora.waitForURL('**/settings/profile')
  await shown(nora.getByText('Need more credits? Ask an Admin.')).toBeVisible()

  await admin.reload()
  await row(admin, 'Nora New').getByRole('button', { name: 'Edit Role' }).click()
  await admin.getByRole('radio', { name: 'Admin' }).check()
  await admin.getByRole('button', { name: 'Save' }).click()
  await shown(row(admin, 'Nora New')).toContainText('Admin')
  await nora.goto(`${product.url}/settings/billing`)
  await shown(planCard(nora)).toContainText(/(?<!\d)0 of 1,000 leads/)
  await product.headroom.use('ws_demo', { lines: [{ meter: 'leads', quantity: 20 }], mode: 'enforce' })
  await shown(planCard(nora)).toContainText('20 of 1,000 leads')
  await admin.getByRole('link', { name: 'Billing' }).click()
  await shown(planCard(admin)).toContainText('20 of 1,000 leads')

  // Removed while the page is open: it says so by itself, and leads out.
  await admin.getByRole('link', { name: 'Users' }).click()
  await row(admin, 'Nora New').getByRole('button', { name: 'Remove' }).click()
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await shown(row(admin, 'Nora New')).toHaveCount(0)
  await shown(admin.getByRole('heading', { name: '4 people in this workspace' })).toBeFocused()
  await shown(nora.getByRole('heading', { name: 'You are in no workspace' })).toBeVisible()
  await Promise.all([admin, nora].map((page) => page.context().close()))
})

test('the last Admin cannot go or be demoted, and the page says why', async () => {
  const page = await signUp('Lena', 'Lena alone')
  await page.getByRole('link', { name: 'Users' }).click()
  const own = row(page, 'lena@corp.example')
  await shown(own).toContainText('The last Admin keeps the role and stays. Make somebody else an Admin first.')
  await shown(own.getByRole('button', { name: 'Edit Role' })).toBeDisabled()
  await shown(own.getByRole('button', { name: 'Leave' })).toBeDisabled()
  await page.context().close()
})

test('several workspaces: the switch leads to the other, and a tab left open stays where it was', async () => {
  const admin = await signIn(browser, product.url, 'Admin')
  await admin.getByRole('link', { name: 'Users' }).click()
  const link = await invite(admin, 'milo@corp.example', 'View only')
  const page = await signUp('Milo', 'Milo & Co')
  await shown(page.getByRole('button', { name: 'Workspace' })).toHaveCount(0)
  await page.goto(link)
  await page.getByRole('button', { name: 'Accept invitation' }).click()
  await page.waitForURL('**/campaigns')
  await shown(page.getByRole('button', { name: 'Workspace Demo workspace' })).toBeVisible()
  await shown(page.getByRole('link', { name: 'Billing' })).toHaveCount(0)

  const stale = await page.context().newPage()
  await stale.goto(`${product.url}/settings/profile`)
  await shown(stale.getByRole('definition').filter({ hasText: 'Demo workspace' })).toBeVisible()
  await page.bringToFront()
  await page.getByRole('button', { name: 'Workspace Demo workspace' }).click()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Milo & Co Admin' }).click()
  await shown(page.getByRole('link', { name: 'Billing' })).toBeVisible()
  await page.getByRole('link', { name: 'Billing' }).click()
  await shown(planCard(page)).toContainText('0 of 50 leads')

  await stale.getByRole('link', { name: 'Users' }).click()
  await shown(row(stale, 'Ada Admin')).toBeVisible()
  await stale.reload()
  await shown(row(stale, 'Ada Admin')).toBeVisible()
  await Promise.all([admin, page].map((one) => one.context().close()))
})

test('a switch of a mail is shown at once, and goes back with a word when it could not be saved', async () => {
  const page = await signIn(browser, product.url, 'Member')
  await page.getByRole('link', { name: 'Profile' }).click()
  const replies = page.getByRole('switch', { name: 'Reply received' })
  await shown(replies).toBeChecked()
  await replies.focus()
  await page.keyboard.press('Space')
  await shown(replies).not.toBeChecked()
  await page.reload()
  await shown(replies).not.toBeChecked()

  await page.route('**/api/notifications', (route) => route.abort())
  await replies.click()
  await shown(page.getByText('“Reply received” was not saved.')).toBeVisible()
  await shown(replies).not.toBeChecked()
  await shown(page.getByRole('switch', { name: 'Credits low' })).toHaveCount(0)
  await page.context().close()
})

test('a forgotten password: the link stands in the mailbox, and sets a new one', async () => {
  const page = await stranger()
  await page.goto(`${product.url}/login`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await shown(page.getByRole('heading', { name: 'Forgot your password?' })).toBeFocused()
  await page.getByLabel('Email').fill('viewer@ken.example')
  await page.keyboard.press('Enter')
  await shown(page.getByText('If viewer@ken.example has an account, a mail with a link is on its way.')).toBeVisible()
  expect(await violations(page)).toEqual([])

  const admin = await signIn(browser, product.url, 'Admin')
  await admin.getByRole('link', { name: 'Mailbox' }).click()
  await admin.getByRole('link', { name: 'Choose a new password for Ken' }).first().click()
  const link = admin.frameLocator('iframe').getByRole('link', { name: 'Choose a new password' })
  await page.goto((await link.getAttribute('href'))!)
  await page.getByLabel('New password').fill(password)
  await page.getByRole('button', { name: 'Set password' }).click()
  await shown(page.getByRole('heading', { name: 'Your password is changed' })).toBeFocused()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await shown(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByLabel('Email').fill('viewer@ken.example')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/campaigns')
  await Promise.all([admin, page].map((one) => one.context().close()))
})
