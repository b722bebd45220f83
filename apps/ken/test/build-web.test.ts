import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../build-web.ts'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const read = (path: string) => readFile(dist + path, 'utf8')

interface Chunk {
  file: string
  imports?: string[]
}

beforeAll(async () => {
  await buildWeb()
}, 60_000)

test('asked again with the same sources, it answers with the same build and builds nothing', async () => {
  const { build } = JSON.parse(await read('build.json')) as { build: string }
  expect(await buildWeb()).toEqual({ built: false, build })
})

test('every asset is named after its content, so it may be cached for ever', async () => {
  for (const name of await readdir(`${dist}assets`)) expect(name).toMatch(/-[\w-]{8}\.(js|css|woff2)$/)
})

test('the page holds no inline script and no inline style: a strict content policy lets all of it through', async () => {
  const html = await read('index.html')
  const scripts = html.match(/<script[^>]*>[^<]*<\/script>/g) ?? []
  expect(scripts).toHaveLength(1)
  expect(scripts[0]).toMatch(/^<script type="module"[^>]* src="\/assets\/[^"]+"><\/script>$/)
  expect(html).not.toMatch(/<style|\son\w+=|javascript:|data:/)
})

test('the JavaScript of the Billing page is at most 180 kB, compressed', async () => {
  const manifest = JSON.parse(await read('.vite/manifest.json')) as Record<string, Chunk>
  const needed = new Set<string>()
  const need = (name: string) => {
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`The build has no ${name}`)
    if (needed.has(chunk.file)) return
    needed.add(chunk.file)
    chunk.imports?.forEach(need)
  }
  need('index.html')
  need('pages/BillingPage.tsx')
  const sizes = await Promise.all([...needed].map(async (file) => gzipSync(await read(file)).length))
  const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000
  expect(kilobytes).toBeGreaterThan(50)
  expect(kilobytes).toBeLessThanOrEqual(180)
})
