/** What `npm start` runs: start.ts as one built file, built anew when a source has changed. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundled } from '../start/bundle.mjs'

let folder: string
let root: URL

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-bundle-'))
  root = pathToFileURL(`${folder}/`)
  await mkdir(join(folder, 'part'))
  await writeFile(join(folder, 'start.ts'), `export { part, place } from './part/part.ts'\n`)
  await writePart('first', 1)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function writePart(word: string, second: number): Promise<void> {
  const file = join(folder, 'part', 'part.ts')
  await writeFile(file, `export const part: string = '${word}'\nexport const place = import.meta.url\n`)
  await utimes(file, second, second)
}

const run = async () => (await import(await bundled(root))) as { part: string; place: string }

test('it is built once, finds what stands beside its sources, and is built anew when one has changed', async () => {
  const first = await bundled(root)
  expect(await run()).toMatchObject({ part: 'first', place: new URL('part/part.ts', root).href })
  expect(await bundled(root)).toBe(first)
  await writePart('other', 2)
  expect((await run()).part).toBe('other')
  await writePart('third', 3)
  expect((await run()).part).toBe('third')
  // The build that a running process may still load from is kept, older ones are not.
  expect((await readdir(join(folder, 'node_modules', '.headroom', 'start'))).toSorted()).toHaveLength(3)
})

test('sources that cannot be built are refused, and leave no half of a build', async () => {
  await writeFile(join(folder, 'start.ts'), 'export const = 1\n')
  await expect(bundled(root)).rejects.toThrow(/Build failed/)
  expect(
    (await readdir(join(folder, 'node_modules', '.headroom', 'start'))).filter((name) => name.startsWith('new-')),
  ).toEqual([])
})

test('two who build the same at once both run from a whole one', async () => {
  await writePart('shared', 4)
  const source = `import { bundled } from ${JSON.stringify(new URL('../start/bundle.mjs', import.meta.url).href)}
    console.log((await import(await bundled(new URL(process.argv[1])))).part)`
  await writeFile(join(folder, 'start.ts'), `export { part, place } from './part/part.ts'\n`)
  const builds = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source, root.href]),
  )
  for (const { stdout } of await Promise.all(builds)) expect(stdout).toBe('shared\n')
})
