/** What the documents say is held to what is there: links lead somewhere, samples are files that are type-checked and run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname
const folders = ['docs', 'packages', 'apps'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
)
const pages = [...readdirSync(root), ...folders].filter((path) => /^(?!.*node_modules).*\.md$/.test(path))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** As GitHub makes them from a heading. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

function deadLinks(page: string): string[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, file))) return true
    return anchor !== undefined && !anchorsOf(file).includes(anchor)
  })
}

test('every relative link leads to a file and a heading that exist', () => {
  expect(pages.length).toBeGreaterThan(20)
  expect(pages.flatMap((page) => deadLinks(page).map((target) => `${page}: ${target}`))).toEqual([])
})

test('a sample that names its file stands in it word for word', () => {
  const samples = pages.flatMap((page) =>
    [...read(page).matchAll(/^```tsx? (\S+)\n([\s\S]*?)^```/gm)].map(([, file, text]) => ({ page, file, text })),
  )
  expect(samples.map(({ page }) => page)).toContain('README.md')
  for (const { page, file, text } of samples) expect(read(file!), `${page} shows ${file}`).toContain(text!.trim())
})

test('nothing is left to be written', () => {
  for (const page of pages) expect(read(page), page).not.toMatch(/\b(?:TODO|TBD|FIXME)\b/)
})
