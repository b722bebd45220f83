import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext } from '@playwright/test'
import { launchBrowser } from '../e2e/browser.ts'
import { signIn } from '../e2e/pages.ts'
import { median } from './figures.ts'

export interface Billing {
  /** Every script that comes before the page is quiet, compressed as a server would. */
  jsKbGzip: number
  /** From the navigation to the frame in which the first meter stands, each with an empty cache. */
  firstMeterMs: number[]
}

/** Opens the Billing page several times as somebody who is signed in and has never seen it. Throws where there is no browser. */
export async function openBilling(url: string, times: number): Promise<Billing> {
  const browser = await launchBrowser()
  try {
    const page = await signIn(browser, url, 'Admin')
    const signedIn = await page.context().storageState()
    const visits = []
    // The first visit warms the browser up and does not count.
    for (let visit = 0; visit <= times; visit++) visits.push(await visitOnce(browser, url, signedIn))
    const counted = visits.slice(1)
    return {
      jsKbGzip: median(counted.map(({ jsKbGzip }) => jsKbGzip)),
      firstMeterMs: counted.map(({ firstMeterMs }) => firstMeterMs),
    }
  } finally {
    await browser.close()
  }
}

type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

async function visitOnce(browser: Browser, url: string, storageState: SignedIn) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, storageState })
  const page = await context.newPage()
  await page.addInitScript(noteFirstMeter)
  const scripts: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      scripts.push(response.body().then((body) => gzipSync(body).length))
  })
  await page.goto(`${url}/settings/billing`)
  const noted = await page.waitForFunction(() => (globalThis as { firstMeterMs?: number }).firstMeterMs)
  const firstMeterMs = Number(await noted.jsonValue())
  // What is read ahead for other pages counts too. The page keeps a stream open, so that the network is never idle.
  await page.waitForTimeout(1_000)
  const sizes = await Promise.all(scripts)
  await context.close()
  return { firstMeterMs, jsKbGzip: sizes.reduce((sum, size) => sum + size, 0) / 1000 }
}

/** Runs in the page. */
function noteFirstMeter(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('.hr-meter [role=progressbar]')) return
    observer.disconnect()
    requestAnimationFrame(() => Object.assign(globalThis, { firstMeterMs: performance.now() }))
  })
  observer.observe(document, { childList: true, subtree: true })
}
