/** Who is there: signing in and out, what each role may open, and pages that have grown old. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { violations } from './axe.ts'
import { planCard } from './billing.ts'
import { launchBrowser } from './browser.ts'
import { shown, signIn } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 120_000 })

let product: Product
let browser: Browser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 30_000)

describe('signing in', () => {
  test('a wrong password says so and keeps the email; the right one opens the page that was asked for', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${product.url}/settings/profile`)
    await page.waitForURL('**/login?next=*')
    await shown(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    expect(await violations(page)).toEqual([])

    await page.getByLabel('Email').fill('editor@ken.example')
    await page.getByLabel('Password').fill('not this one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await shown(page.getByRole('alert')).toContainText(/wrong/)
    await shown(page.getByLabel('Email')).toHaveValue('editor@ken.example')

    await page.getByLabel('Password').fill('ken-demo-editor')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings/profile')
    await shown(page.getByLabel('Name')).toHaveValue('Edda Editor')
    await page.context().close()
  })

  test('R92 a link to somewhere else is not followed after signing in', async () => {
    for (const next of [
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/\\\\elsewhere.example',
      '/.//elsewhere.example/x',
      '/a/..//elsewhere.example/x',
      '/.//elsewhere.example/x?workspace=ws_demo',
      'https://elsewhere.example/',
    ]) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`${product.url}/login?next=${encodeURIComponent(next)}`)
      await page.getByRole('button', { name: 'Member' }).click()
      await page.waitForURL(`${product.url}/campaigns`)
      await context.close()
    }
  }, 120_000)

  test('R21 no page asks the content policy for an exception, also with markup in its names and a toast shown', async () => {
    const page = await signIn(browser, product.url, 'Admin')
    await page.context().addInitScript(() => {
      const reports: string[] = []
      Object.assign(globalThis, { policyReports: reports })
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
        reports.push(`${violatedDirective} ${blockedURI} ${sample}`),
      )
    })
    const made = await page.request.post(`${product.url}/api/campaigns`, {
      headers: { Origin: product.url },
      data: { name: '<img src=x onerror=alert(1)>', criteria: { titles: [], countries: [], industries: [] } },
    })
    expect(made.status()).toBe(201)
    const paths = ['/campaigns', '/campaigns/new', '/campaigns/build', '/settings/billing', '/settings/billing/ledger']
    paths.push(
      '/settings/users',
      '/settings/profile',
      '/mailbox',
      '/help/usage-credits-and-limits',
      '/help/contact',
      '/login',
      '/nowhere',
    )
    for (const path of paths) {
      await page.goto(product.url + path)
      await shown(page.getByRole('heading').first()).toBeVisible()
      if (path === '/campaigns') await shown(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible()
      if (path === '/settings/billing') await page.getByRole('button', { name: 'Purchase Leads' }).click()
      if (path === '/settings/profile') {
        await page.getByLabel('Name').fill('Ada Admin II')
        await page.getByRole('button', { name: 'Save name' }).click()
        await shown(page.locator('[data-sonner-toast]')).toBeVisible()
      }
      const reports = await page.evaluate(() => (globalThis as unknown as { policyReports: string[] }).policyReports)
      expect([path, reports]).toEqual([path, []])
    }
    await page.context().close()
  })

  test('signing out in one window sends the other to the login with its next step', async () => {
    const page = await signIn(browser, product.url, 'Member')
    const other = await page.context().newPage()
    await other.goto(`${product.url}/settings/profile`)
    await shown(other.getByRole('heading', { name: 'Profile' })).toBeVisible()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await shown(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await other.getByRole('link', { name: 'Campaigns' }).click()
    await shown(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.context().close()
  })

  test('signing out in one window takes the figures from another that shows Billing', async () => {
    const page = await signIn(browser, product.url, 'Admin')
    const other = await page.context().newPage()
    await other.goto(`${product.url}/settings/billing`)
    await shown(planCard(other)).toContainText(/(?<!\d)0 of 1,000 leads/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await shown(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.context().close()
  })

  test('an address that is not there shows the not-found page, signed in or not', async () => {
    const page = await signIn(browser, product.url, 'Member')
    const stranger = await (await browser.newContext()).newPage()
    for (const [who, path] of [
      [page, '/foo'],
      [page, '/settings/nothing'],
      [page, '/campaigns/a/b'],
      [stranger, '/foo'],
    ] as const) {
      expect((await who.goto(product.url + path))?.status()).toBe(404)
      await shown(who.getByRole('heading', { name: 'Page not found' })).toBeVisible()
    }
    await stranger.context().close()
    await page.context().close()
  })
})

describe('who may see Billing', () => {
  test.each(['Editor', 'Member', 'View only'] as const)(
    'A7 A8 A9 A10 A112 an address typed by someone who is %s lands on Profile',
    async (role) => {
      const page = await signIn(browser, product.url, role)
      await shown(page.getByRole('link', { name: 'Billing' })).toHaveCount(0)
      await page.goto(`${product.url}/settings/billing`)
      await page.waitForURL('**/settings/profile')
      await shown(page.getByText('Need more credits? Ask an Admin.')).toBeVisible()

      // Decided by the server: the page is not even sent, and the books are closed to this person's token.
      const sent = await page.request.get(`${product.url}/settings/billing`, { maxRedirects: 0 })
      expect([sent.status(), sent.headers().location]).toEqual([302, '/settings/profile'])
      const { token } = (await (await page.request.get(`${product.url}/api/token`)).json()) as { token: string }
      const ledger = await page.request.get(`${product.url}/v1/workspaces/ws_demo/ledger`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(ledger.status()).toBe(403)
      await page.context().close()
    },
  )
})

test('A115 a page from before a deploy reloads itself at the next navigation, once, and never in the middle of work', async () => {
  const page = await signIn(browser, product.url, 'Admin')
  const mark = () => page.evaluate(() => (document.documentElement.dataset.mark = 'before'))
  const marked = page.locator('html[data-mark=before]')
  await mark()
  await page.route('**/api/campaigns/**', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), 'x-build': 'newer' } })
  })
  await page.getByRole('link', { name: 'Q4 founders' }).click()
  await shown(page.getByRole('heading', { name: 'Q4 founders' })).toBeVisible()
  await shown(marked).toHaveCount(1)

  await page.getByRole('link', { name: 'Profile' }).click()
  await shown(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
  await shown(marked).toHaveCount(0)

  // The reload brought no newer page (a cache, say): asking again and again would not help.
  await mark()
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('link', { name: 'Q4 founders' }).click()
  await shown(page.getByRole('heading', { name: 'Q4 founders' })).toBeVisible()
  await page.getByRole('link', { name: 'Profile' }).click()
  await shown(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
  await shown(marked).toHaveCount(1)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.context().close()
})

test('the theme that was chosen stays, in every window of this browser', async () => {
  const page = await signIn(browser, product.url, 'Editor')
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  const dark = await ground()
  expect(dark).not.toBe(light)
  await page.reload()
  await shown(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  expect(await ground()).toBe(dark)
  await page.context().close()
})
