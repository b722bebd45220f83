import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = join(root, 'apps/ken/dist')
const sources = [
  'apps/ken/web',
  'apps/ken/vite.config.ts',
  'packages/core/src',
  'packages/react/src',
  'packages/sdk/src',
  'package-lock.json',
]

/**
 * Builds the web app into apps/ken/dist when its sources changed since the last build, and names the build after their content.
 * Asked again it answers at once; two processes at the same time both end with a whole build.
 */
export async function buildWeb(): Promise<{ built: boolean; build: string }> {
  const build = contentOf(sources)
  if ((await lastBuild()) === build) return { built: false, build }

  // Built beside its place and moved there whole: a build that is killed leaves the old one standing.
  const folder = join(root, 'apps/ken/node_modules', `.web-${process.pid}`)
  await mkdir(join(root, 'apps/ken/node_modules'), { recursive: true })
  const before = process.env.NODE_ENV
  try {
    const vite = await import('vite')
    // Also where a test builds it: otherwise the development build of React would be served.
    process.env.NODE_ENV = 'production'
    await vite.build({
      configFile: join(root, 'apps/ken/vite.config.ts'),
      logLevel: 'warn',
      mode: 'production',
      define: { KEN_BUILD: JSON.stringify(build) },
      build: { outDir: folder },
    })
    await writeFile(join(folder, 'build.json'), `${JSON.stringify({ build })}\n`)
    // Another process may have been faster: what it serves by now is not taken away under it.
    if ((await lastBuild()) === build) return { built: false, build }
    await rm(dist, { recursive: true, force: true })
    await rename(folder, dist).catch(async (error: unknown) => {
      if ((await lastBuild()) !== build) throw error
    })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
    await rm(folder, { recursive: true, force: true })
  }
  return { built: true, build }
}

async function lastBuild(): Promise<string | null> {
  try {
    const { build } = JSON.parse(await readFile(join(dist, 'build.json'), 'utf8')) as { build?: string }
    return build ?? null
  } catch {
    return null
  }
}

/** Read at one go: hundreds of small files take longer to wait for than to read. */
function contentOf(paths: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of filesUnder(join(root, path))) {
      const content = readFileSync(file)
      hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex').slice(0, 12)
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  const found: string[] = []
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (/\.test\.tsx?$/.test(entry.name)) continue
    const below = join(path, entry.name)
    if (entry.isDirectory()) found.push(...filesUnder(below))
    else found.push(below)
  }
  return found.toSorted()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now()
  const { built, build } = await buildWeb()
  console.log(built ? `Web app ${build} built in ${Date.now() - started} ms` : `Web app ${build} is up to date`)
}
