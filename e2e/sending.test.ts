/** A campaign from a CSV to its last mail in a browser, with a real mail server at the other end: one story, told in order. */
import { readFile } from 'node:fs/promises'
import type { Browser, Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startMailServer, type MailServer, type Received } from '../apps/ken/test/mail-server.ts'
import { violations } from './axe.ts'
import { atBilling, planCard, workspace } from './billing.ts'
import { launchBrowser } from './browser.ts'
import { exampleFile, shown, signIn, tally } from './pages.ts'
import { startProduct, type Product } from './product.ts'

vi.setConfig({ testTimeout: 240_000 })

/** Enough rows of the example for a funnel with every kind of row, and few enough mails for a quick story. */
const rows = 70
const left = 60

let mailServer: MailServer
let product: Product
let browser: Browser
let admin: Page
/** A second window of an Admin, which stays on Billing. */
let billing: Page
let campaign: string
let leads = 0

beforeAll(async () => {
  mailServer = await startMailServer({ onMail: (mail) => gate(mail) })
  ;[product, browser] = await Promise.all([
    startProduct({ SMTP_URL: mailServer.url, HEADROOM_TEST_CLOCK: '1', KEN_DIRECTORY_PEOPLE: '1000' }),
    launchBrowser(),
  ])
  // From here on time passes when the test says so.
  await product.headroom.testClock.advance('PT1S')
  admin = await signIn(browser, product.url, 'Admin')
  billing = await atBilling(browser, product.url)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await mailServer?.stop()
}, 30_000)

/** What the mail server does with a mail before it says that it has taken it. */
let gate: (mail: Received) => Promise<void> = () => Promise.resolve()

/** Campaign mails the server has taken, each once however often it came; Ken's own mails go to the people of the workspace. */
const taken = () => [
  ...new Map(
    mailServer.mails.filter(({ to }) => !to.endsWith('@ken.example')).map((mail) => [mail.messageId, mail]),
  ).values(),
]

const button = (name: string) => admin.getByRole('button', { name, exact: true })
const tab = (name: string) =>
  admin.getByRole('navigation', { name: 'Parts of the campaign' }).getByRole('link', { name })
const state = (word: string) => admin.locator('.page-aside').getByText(word, { exact: true })
const figure = (quantity: number) => quantity.toLocaleString('en-US')

/** The number under a label, such as "Mails sent". */
const sendingFigure = (label: string): Locator =>
  admin.locator('.figures').getByText(label, { exact: true }).locator('xpath=following-sibling::dd')

async function sends() {
  const { meters } = await product.headroom.usage(workspace)
  return meters.find(({ meter }) => meter === 'email_sends')!
}

/** What the ledger's entries of sends come to. */
async function booked(): Promise<number> {
  let used = 0
  for await (const entry of product.headroom.ledgerEntries(workspace, { meter: 'email_sends' })) {
    if (entry.kind === 'use') used += entry.change.used
  }
  return used
}

/** So many mails are out, and every place that counts them says the same. */
async function allAgreeOn(mails: number): Promise<void> {
  await shown(sendingFigure('Mails sent')).toHaveText(figure(mails), { timeout: 60_000 })
  await shown(sendingFigure('Counted as email sends')).toHaveText(figure(mails))
  expect(taken()).toHaveLength(mails)
  const { used, limit } = await sends()
  expect(used).toBe(limit! - left + mails)
  expect(await booked()).toBe(used)
  await shown(planCard(billing).getByText(`${figure(used)} of ${figure(limit!)} emails`)).toBeVisible()
  const view = await admin.request.get(`${product.url}/api/campaigns/${campaign}/sending`)
  expect(await view.json()).toMatchObject({ sent: mails, counted: mails })
}

describe.sequential('a campaign, from the file to the last mail', () => {
  test('A59 A60 A62 A63 of a file those become leads who qualified and have a verified address', async () => {
    await admin.getByRole('link', { name: 'Q4 founders' }).click()
    campaign = new URL(admin.url()).pathname.split('/').at(-1)!
    await shown(admin.getByText('Next: import contacts.')).toBeVisible()
    await admin.getByRole('radio', { name: 'CSV Upload' }).check()
    const lines = (await readFile(exampleFile, 'utf8')).split('\n', rows + 1)
    await admin
      .getByLabel('CSV file')
      .setInputFiles({ name: 'founders.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) })
    await button('Start import').click()
    await shown(admin.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 })
    leads = await tally(admin, 'Counted as leads')
    expect(leads).toBe(await tally(admin, 'Verified'))
    expect(leads).toBeGreaterThan(15)
    expect(leads).toBeLessThan(await tally(admin, 'Qualified'))
    await shown(planCard(billing).getByText(`${leads} of 1,000 leads`)).toBeVisible()
  })

  test('A66 a standard sequence has four mails, previewed as a lead reads them, and nothing typed is lost by a click', async () => {
    await admin.getByRole('link', { name: 'Write the sequence' }).click()
    await button('Start with four mails').click()
    await shown(admin.getByRole('group', { name: /^Preview of mail/ })).toHaveCount(4)
    const preview = admin.getByRole('group', { name: 'Preview of mail 1' })
    await shown(preview).not.toContainText('{{')
    await admin.getByLabel('Subject').first().fill('Is {{company}} hiring, {{firstName}}?')
    await shown(preview).toContainText(/Is (?!your company).+ hiring, (?!there).+\?/)
    await tab('Contacts').click()
    await admin.getByRole('alertdialog', { name: 'Leave without saving?' }).getByText('Keep editing').click()
    await admin.getByLabel('Days after mail 1').fill('31')
    await button('Save sequence').click()
    await shown(admin.getByText('Type a whole number from 1 to 30.')).toBeVisible()
    await admin.getByLabel('Days after mail 1').fill('3')
    await button('Save sequence').click()
    await shown(admin.getByText('Sequence saved.')).toBeVisible()
    await admin.reload()
    await shown(admin.getByLabel('Subject').first()).toHaveValue('Is {{company}} hiring, {{firstName}}?')
  })

  test('A131 short of sends a launch is advised and not stopped, and the first mails reach the mail server', async () => {
    const { available } = await sends()
    await product.headroom.use(workspace, {
      lines: [{ meter: 'email_sends', quantity: available! - left }],
      mode: 'record',
    })
    await tab('Sending').click()
    // Asked again now and then anyway; the place is in the address.
    await admin.reload()
    const notice = `${left} email sends left; this campaign needs ${4 * leads}. Running campaigns are never interrupted.`
    await shown(admin.getByText(notice)).toBeVisible()
    await shown(admin.getByText(notice).getByRole('link', { name: 'Upgrade plan' })).toHaveAttribute(
      'href',
      '/settings/billing',
    )
    await button('Launch campaign').click()
    const question = admin.getByRole('alertdialog', { name: 'Launch this campaign?' })
    await shown(question).toContainText(`${4 * leads} mails in all, up to 4 to each lead.`)
    await question.getByRole('button', { name: 'Launch' }).click()
    await shown(state('Sending')).toBeVisible()
    await allAgreeOn(leads)
    // A subject with a letter such as "ü" travels encoded.
    expect(taken().map(({ subject }) => /^(?:=\?UTF-8\?.+|Is .+ hiring, .+\?)$/.test(subject))).not.toContain(false)
    await shown(sendingFigure('In sequence')).toHaveText(String(leads))
  })

  test('paused nothing leaves, the sequence can be changed, and resumed it goes on with what it says now', async () => {
    await button('Pause sending').click()
    await shown(state('Paused')).toBeVisible()
    await shown(button('Resume sending')).toBeFocused()
    await product.headroom.testClock.advance('P3D')
    await tab('Sequence').click()
    await admin.getByLabel('Subject').nth(1).fill('As it was changed')
    await button('Save sequence').click()
    await shown(admin.getByText('Sequence saved.').last()).toBeVisible()
    expect(taken()).toHaveLength(leads)
    await tab('Sending').click()
    await button('Resume sending').click()
    await allAgreeOn(2 * leads)
    expect(taken().filter(({ subject }) => subject === 'As it was changed')).toHaveLength(leads)
  })

  test('a reply and an unsubscribe end the sequence of those two and of nobody else', async () => {
    await admin.getByRole('link', { name: 'Mailbox' }).click()
    await admin.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: 'Campaigns' }).click()
    await admin
      .getByRole('link', { name: /As it was changed/ })
      .first()
      .click()
    await button('Reply as the recipient').click()
    await admin.getByLabel('Answer').fill('Yes, call me on Thursday.')
    await button('Send reply').click()
    await shown(admin.getByText(/has replied: the sequence has ended for them/)).toBeVisible()
    const replier = /<(.+)>/.exec(await admin.locator('.letter').innerText())![1]

    const other = taken().find(({ to }) => to !== replier)!
    const link = /^List-Unsubscribe: <(.+)>/im.exec(other.raw.replaceAll(/\r\n[ \t]+/g, ' '))![1]!
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(link)
    await shown(stranger.getByText(/^Demo workspace sends mails to .…@/)).toBeVisible()
    expect(await violations(stranger)).toEqual([])
    await stranger.getByRole('button', { name: 'Unsubscribe' }).click()
    await shown(stranger.getByRole('heading', { name: 'You are unsubscribed' })).toBeFocused()
    await stranger.goto(`${product.url}/unsubscribe/${'0'.repeat(56)}`)
    await shown(stranger.getByRole('heading', { name: 'This link is not known' })).toBeVisible()
    await stranger.context().close()

    await admin.goto(`${product.url}/campaigns/${campaign}?tab=sending`)
    await shown(sendingFigure('Replied')).toHaveText('1')
    await shown(sendingFigure('Unsubscribed')).toHaveText('1')
    await admin.getByLabel('Show').selectOption('Replied')
    const list = admin.getByRole('region', { name: 'Recipients' })
    await shown(list.getByRole('row')).toHaveCount(2)
    await shown(list.getByRole('row').last()).toContainText(replier!)
    await shown(admin.getByText('Yes, call me on Thursday.')).toBeVisible()
  })

  test('A16 A131 killed in the middle of sending and started again, every mail is out once and counted once', async () => {
    let held = () => {}
    const holding = new Promise<void>((resolve) => (held = resolve))
    let letGo = () => {}
    const free = new Promise<void>((resolve) => (letGo = resolve))
    const before = taken().length
    gate = async () => {
      if (taken().length < before + 5) return
      held()
      await free
    }
    await product.headroom.testClock.advance('P3D')
    await holding
    await product.kill()
    gate = () => Promise.resolve()
    letGo()
    await product.start()
    await allAgreeOn(2 * leads + (leads - 2))
  })

  test('A131 A148 beyond the limit the campaign goes on to its end; used is above the limit and what is left reads 0', async () => {
    await product.headroom.testClock.advance('P3D')
    await shown(state('Completed')).toBeVisible({ timeout: 60_000 })
    const mails = 2 * leads + 2 * (leads - 2)
    expect(mails).toBeGreaterThan(left)
    await allAgreeOn(mails)
    const { used, limit, available } = await sends()
    expect(used).toBeGreaterThan(limit!)
    expect(available).toBe(0)
    await shown(planCard(billing)).not.toContainText('-')
    await shown(sendingFigure('Finished')).toHaveText(String(leads - 2))
    await shown(admin.getByText(/^Every lead has got the whole sequence or ended it/)).toBeVisible()
  })

  test('A134 a day whose sending capacity is used up leads to the CSM, and offers nothing for sale', async () => {
    await admin.route('**/sending', async (route) => {
      const response = await route.fetch()
      const view = (await response.json()) as { capacity: object }
      const capacity = { perDay: 10_000, sentToday: 10_000, exhausted: true }
      await route.fulfill({ response, json: { ...view, state: 'sending', capacity } })
    })
    await admin.reload()
    const notice = admin.getByText('Today’s sending capacity of 10,000 mails is used up')
    await shown(notice).toBeVisible()
    await shown(notice.getByRole('link', { name: 'contact your CSM' })).toHaveAttribute('href', '/help/contact')
    await shown(admin.getByRole('link', { name: /Upgrade|Buy|Purchase/ })).toHaveCount(0)
    await admin.unrouteAll({ behavior: 'ignoreErrors' })
  })

  test('every part is free of accessibility violations, light, dark and narrow', async () => {
    const parts = ['', '?tab=sequence', '?tab=sending'].map((part) => `/campaigns/${campaign}${part}`)
    for (const look of [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 390 },
    ] as const) {
      await admin.emulateMedia({ colorScheme: look.colorScheme })
      await admin.setViewportSize({ width: look.width, height: 800 })
      for (const path of ['/campaigns', '/mailbox?folder=campaign', ...parts]) {
        await admin.goto(product.url + path)
        await admin.getByRole('heading', { level: 1 }).waitFor()
        await shown(admin.getByText(/^Loading/)).toHaveCount(0)
        expect(await violations(admin), `${path} ${look.colorScheme}`).toEqual([])
        const overflow = await admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(overflow, `${path} at ${look.width} px`).toBeLessThanOrEqual(0)
      }
    }
  })

  test('who may only look reads why, and finds no button to move a campaign', async () => {
    const viewer = await signIn(browser, product.url, 'View only')
    for (const part of ['sequence', 'sending']) {
      await viewer.goto(`${product.url}/campaigns/${campaign}?tab=${part}`)
      await shown(viewer.getByText(/^Your role is View only/)).toBeVisible()
      await shown(viewer.getByRole('button', { name: /Launch|Pause|Resume|Save|Rename/ })).toHaveCount(0)
    }
    expect(await violations(viewer)).toEqual([])
  })
})
