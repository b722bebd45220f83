import { expect, type Browser, type Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'

/** Waits until a page shows something. Generous: a busy machine is slow, and what never comes is told apart all the same. */
export const shown = expect.configure({ timeout: 20_000 })

export const exampleFile = fileURLToPath(new URL('../examples/contacts.csv', import.meta.url))

/** A person of their own: another browser context, signed in with one click as the demo user of this role. */
export async function signIn(
  browser: Browser,
  url: string,
  role: 'Admin' | 'Editor' | 'Member' | 'View only',
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(url)
  await page.getByRole('button', { name: role, exact: true }).click()
  await page.waitForURL('**/campaigns')
  return page
}

const goOn = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true })

/** Goes through the first steps of a new campaign as a person does, up to its upload. Without criteria everyone with a good address counts. */
export async function newCampaign(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('link', { name: 'New campaign' }).click()
  await page.getByLabel('Campaign name').fill(name)
  await goOn(page).click()
  await page.getByRole('radio', { name: 'CSV Upload' }).check()
  await goOn(page).click()
  await page.getByRole('button', { name: 'Choose a file' }).waitFor()
}

/** A list as long as a test asks for, of people who all have a good address. */
export function contactsFile(rows: number): { name: string; mimeType: string; buffer: Buffer } {
  const lines = Array.from({ length: rows }, (_, row) => `Pat,Person${row},pat.${row}@company${row}.mail.example,CEO`)
  const text = ['First Name,Last Name,Work Email,Job Title', ...lines].join('\n')
  return { name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
}

/** Chooses a file by a click, as a person does, waits until Ken has read it, and goes on to how many. */
export async function upload(page: Page, file: string | ReturnType<typeof contactsFile> = exampleFile): Promise<void> {
  const csv = page.getByRole('radio', { name: 'CSV Upload' })
  const choose = page.getByRole('button', { name: 'Choose a file' })
  await csv.or(choose).first().waitFor()
  if ((await csv.count()) > 0) await csv.check()
  const chooser = page.waitForEvent('filechooser')
  await choose.click()
  await (await chooser).setFiles(file)
  const target = page.getByLabel('How many contacts should Ken find?')
  await goOn(page).or(target).waitFor({ timeout: 60_000 })
  if ((await target.count()) === 0) await goOn(page).click()
  await target.waitFor()
}

/** Starts what is planned: at once on a campaign's page, by way of the review where the campaign is new. */
export async function startImport(page: Page): Promise<void> {
  const start = page.getByRole('button', { name: 'Start import' })
  await goOn(page).or(start).waitFor()
  if ((await start.count()) === 0) await goOn(page).click()
  await start.click()
}

/** The figure a card shows beside a label, such as "Qualified": 1,059. */
export async function tally(page: Page, label: string): Promise<number> {
  const text = await page
    .locator('.tally')
    .first()
    .getByText(label, { exact: true })
    .locator('xpath=following-sibling::dd')
    .innerText()
  return Number(text.replaceAll(',', '').split(' ')[0])
}
