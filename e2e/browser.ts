import { execFile } from 'node:child_process'
import { access, constants, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from '@playwright/test'

const run = promisify(execFile)

/**
 * Starts a headless Chromium and returns it; the caller closes it. Tried in this order: CHROMIUM_PATH, a Chromium of the system,
 * Playwright's own, the one inside the @sparticuz/chromium package. So a fresh clone needs no browser to be installed.
 */
export async function launchBrowser(): Promise<Browser> {
  const chosen = await chooseChromium()
  return chromium.launch({
    executablePath: chosen.path,
    env: { ...(process.env as Record<string, string>), ...chosen.env },
    args: [
      ...chosen.args,
      // A test run talks to the product under test and to nobody else.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--no-pings',
      '--no-first-run',
      '--disable-dev-shm-usage',
    ],
  })
}

interface Chosen {
  path: string
  env: Record<string, string>
  args: string[]
}

async function chooseChromium(): Promise<Chosen> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    if (!(await runnable(named))) throw new Error(`CHROMIUM_PATH is ${named}, which cannot be run`)
    return { path: named, env: {}, args: [] }
  }
  for (const path of [...systemPaths(), chromium.executablePath()]) {
    if (await runnable(path)) return { path, env: {}, args: [] }
  }
  return packagedChromium()
}

function systemPaths(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
}

/** The package unpacks into the temporary directory; each user gets a folder that appears whole or not at all. */
async function packagedChromium(): Promise<Chosen> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found. Set CHROMIUM_PATH, or run: npx playwright install chromium')
  }
  const folder = join(tmpdir(), `headroom-chromium-147-${process.getuid?.() ?? 0}`)
  const path = join(folder, 'chromium')
  if (!(await runnable(path))) await unpack(folder)
  const env: Record<string, string> = {}
  // The libraries come along in the package for systems that have none of their own.
  if (await lacksLibraries(path)) env.LD_LIBRARY_PATH = join(folder, 'al2023', 'lib')
  if (!(await readable('/etc/fonts/fonts.conf'))) env.FONTCONFIG_PATH = join(folder, 'fonts')
  return { path, env, args: ['--no-zygote', '--in-process-gpu', '--font-render-hinting=none', '--no-sandbox'] }
}

async function unpack(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`
  await mkdir(partial, { recursive: true })
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV }
  const { default: packaged } = await import('@sparticuz/chromium')
  try {
    // The package knows only these two ways to be told where to unpack and that the libraries are wanted too.
    process.env.TMPDIR = partial
    process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
    await packaged.executablePath()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  // Another process may have been faster: its folder is as good as ours.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }))
}

async function lacksLibraries(path: string): Promise<boolean> {
  return run('ldd', [path]).then(
    ({ stdout }) => stdout.includes('not found'),
    () => false,
  )
}

const runnable = (path: string) => allowed(path, constants.X_OK)
const readable = (path: string) => allowed(path, constants.R_OK)

async function allowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}
