import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

const ignored = new Set(['node_modules', 'dist', '.git', '.headroom', 'bench-out', 'test-results'])

/** Every file that git knows, as paths from the root; without git (a packed copy), every file not ignored. */
export async function sourceFiles(root: URL): Promise<string[]> {
  const asked = promisify(execFile)('git', ['ls-files', '--cached', '-z'], {
    cwd: root,
    maxBuffer: 1 << 26,
  })
  const listed = await asked.then(
    ({ stdout }) => stdout.split('\0').filter((path) => path !== ''),
    () => undefined,
  )
  return listed && listed.length > 0 ? existing(root, listed) : walk(root, '')
}

/** A file deleted and not yet committed is still listed. */
async function existing(root: URL, listed: string[]): Promise<string[]> {
  const there = new Set(await walk(root, ''))
  return listed.filter((path) => there.has(path))
}

async function walk(root: URL, folder: string): Promise<string[]> {
  const entries = await readdir(new URL(`./${folder}`, root), { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (ignored.has(entry.name)) continue
    const path = folder + entry.name
    if (entry.isDirectory()) found.push(...(await walk(root, `${path}/`)))
    else if (entry.isFile()) found.push(path)
  }
  return found.sort()
}
