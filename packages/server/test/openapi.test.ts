import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codes } from '@headroom/core'
import { docsPage } from '../src/docs-page.ts'
import { openApiDocument } from '../src/openapi.ts'
import { routes } from '../src/routes/index.ts'

const all = routes({ testClock: true, money: true })
const document = openApiDocument(all, 'test') as {
  openapi: string
  paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, unknown>; parameters?: { name: string }[] }>
  >
}

test('the document lints without an error or a warning', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-openapi-'))
  try {
    const file = join(folder, 'openapi.json')
    await writeFile(file, JSON.stringify(document))
    const bin = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
    const config = fileURLToPath(new URL('../redocly.yaml', import.meta.url))
    const output = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
      execFile(
        process.execPath,
        [bin, 'lint', '--config', config, '--format', 'json', file],
        { env },
        (error, stdout) => (stdout ? resolve(stdout) : reject(error ?? new Error('The lint said nothing.'))),
      )
    })
    const { totals, problems } = JSON.parse(output) as { totals: object; problems: object[] }
    expect({ totals, problems }).toEqual({ totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)

test('every route is in the document, with the answers every route may give', () => {
  expect(document.openapi).toBe('3.1.0')
  for (const { path, method, name, right, body, answers } of all) {
    const operation = document.paths[path]?.[method]
    expect(operation?.operationId).toBe(name)
    const documented = Object.keys(operation!.responses)
    expect(documented).toEqual(
      expect.arrayContaining([...Object.keys(answers), '400', '401', '403', '422', '429', '500', '503']),
    )
    if (body) expect(documented).toEqual(expect.arrayContaining(['413', '415']))
    expect(right).toBeDefined()
  }
  expect(document.paths['/v1/batch']!.post!.parameters?.some(({ name }) => name === 'Idempotency-Key')).toBe(false)
})

test('names of operations are told apart', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
})

test('the page names every route and code, and loads nothing', () => {
  const { html, styleHash } = docsPage(document)
  for (const name of [...all.map(({ name }) => name), 'webhook']) expect(html).toContain(`id="${name}"`)
  for (const code of Object.keys(codes)) expect(html).toContain(`id="${code}"`)
  expect(html).not.toMatch(/<script|<img|src=|https?:\/\/(?!www\.apache\.org)/)
  expect(styleHash).toMatch(/^sha256-/)
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`)
})

test('where nothing is sold, nothing of it is in the document', () => {
  const { paths } = openApiDocument(routes({ testClock: false, money: false }), 'test') as typeof document
  expect(Object.keys(paths).filter((path) => /checkout|portal|purchases|stripe/.test(path))).toEqual([])
})
