/** Draws every state into docs/reference/states and writes their page: `npm run pictures -w @headroom/react`; with names, only those. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { createServer } from 'vite'
import { launchBrowser } from '../../../e2e/browser.ts'
import { allStates } from '../states/index.ts'
import { pageOf, picturesOf } from '../states/pictures.ts'
import { palettePng } from './palette-png.ts'

const folder = fileURLToPath(new URL('../../../docs/reference/states/', import.meta.url))
const page = new URL('../../../docs/reference/react-states.md', import.meta.url)
const names = process.argv.slice(2)
const pictures = allStates.flatMap((of) => of.states).flatMap(picturesOf)

const server = await createServer({ configFile: fileURLToPath(new URL('../states/vite.config.ts', import.meta.url)) })
await server.listen(0)
const url = server.resolvedUrls!.local[0]!
const browser = await launchBrowser()
try {
  await mkdir(folder, { recursive: true })
  await writeFile(page, pageOf(allStates))
  const tab = await browser.newPage({ reducedMotion: 'reduce' })
  for (const { state, look, file } of pictures) {
    if (names.length > 0 && !names.includes(state)) continue
    await tab.setViewportSize({ width: look === '390' ? 390 : 1280, height: 900 })
    await tab.emulateMedia({ colorScheme: look === 'dark' ? 'dark' : 'light' })
    await draw(tab, state, folder + file)
  }
  const known = new Set(pictures.map(({ file }) => file))
  for (const file of await readdir(folder)) if (!known.has(file)) await rm(folder + file)
} finally {
  await browser.close()
  await server.close()
}

/** The state in its frame; of a dialog, the dialog. */
async function draw(page: Page, state: string, path: string): Promise<void> {
  // A page of its own each time: nothing of the one before is left.
  await page.goto('about:blank')
  await page.goto(`${url}#${state}`)
  await page.locator(`[data-ready="${state}"]`).waitFor()
  await page.evaluate(() => document.fonts.ready)
  const dialog = page.getByRole('dialog')
  const frame = (await dialog.count()) > 0 ? dialog : page.locator('.state')
  await writeFile(path, palettePng(await frame.screenshot({ animations: 'disabled' })))
}
