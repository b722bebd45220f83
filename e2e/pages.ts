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

/** Creates a campaign as a person does and leaves the page at its upload. Without criteria everyone with a good address counts. */
export async function newCampaign(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('link', { name: 'New campaign' }).click()
  await page.getByLabel('Campaign name').fill(name)
  await page.getByRole('button', { name: 'Continue with CSV Upload' }).click()
  await page.getByRole('button', { name: 'Choose a file' }).waitFor()
}

/** Chooses the example file by a click, as a person does, and waits until Ken has read it. */
export async function uploadExample(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles(exampleFile)
  await page.getByLabel('How many contacts should Ken find?').waitFor()
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
