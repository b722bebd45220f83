/** What an operator is given is held to what there is: figures that are exported, pages that are there, commands that are ours. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, slowly, type Room } from '../packages/server/test/room.ts'

const root = new URL('..', import.meta.url).pathname
const folder = `${root}docs/operations/`
const read = (name: string): string => readFileSync(folder + name, 'utf8')
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))

interface Panel {
  id: number
  type: string
  title: string
  gridPos: { h: number; w: number; x: number; y: number }
  targets?: { refId: string; expr: string; datasource: { type: string; uid: string } }[]
}
const dashboard = JSON.parse(read('dashboard.json')) as {
  title: string
  uid: string
  schemaVersion: number
  panels: Panel[]
  templating: { list: { name: string; type: string; query: string }[] }
}
const alarms = [
  ...read('alarms.yaml').matchAll(
    /- alert: (\w+)\n\s+expr: (?:>-\n)?([\s\S]*?)\n\s+(?:for: (\w+)\n\s+)?labels: \{ severity: (\w+) \}\n\s+annotations:\n\s+summary: (.+)\n\s+runbook_url: (\S+)/g,
  ),
].map(([, name, expr, , severity, summary, runbook]) => ({ name, expr, severity, summary, runbook }))

let room: Room
let exported: Map<string, string>
beforeAll(async () => {
  room = await openRoom({ payments: true, dataDir: root })
  const workspace = await room.workspace()
  await room.post(`/v1/workspaces/${workspace}/reservations`, { lines: [{ meter: 'leads', quantity: 1 }] })
  const text = await (await fetch(`${room.url}/metrics`)).text()
  exported = new Map([...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]))
  expect(text.match(/^# TYPE \S+/gm)).toHaveLength(exported.size)
}, slowly)
afterAll(() => room.stop())

/** The metrics an expression names; what a histogram is made of belongs to its name. */
function metricsIn(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}/g, '').replaceAll(/\b(?:by|without) \([^)]*\)/g, '')
  return [...bare.matchAll(/\b(?:headroom|process|nodejs)_\w+/g)].map(([name]) => {
    const family = name.replace(/_(?:bucket|sum|count)$/, '')
    return exported.get(family) === 'histogram' ? family : name
  })
}

test('the dashboard is one that Grafana reads: panels in a grid that do not overlap, each asking the source that is chosen', () => {
  expect(dashboard).toMatchObject({ title: 'Headroom', uid: 'headroom' })
  expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39)
  expect(dashboard.templating.list).toContainEqual(
    expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
  )
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  const taken = new Set<string>()
  for (const { title, type, gridPos, targets } of dashboard.panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(taken.has(`${x} ${y}`), `${title} overlaps`).toBe(false)
        taken.add(`${x} ${y}`)
      }
    if (type === 'row') continue
    expect(targets!.length, title).toBeGreaterThan(0)
    expect(new Set(targets!.map(({ refId }) => refId)).size, title).toBe(targets!.length)
    for (const { datasource } of targets!) expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' })
  }
})

test('every figure of the dashboard is exported, and every figure of ours that somebody should see is on it', () => {
  const named = dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr)))
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !exported.has(name))).toEqual([])
  const alarmed = alarms.flatMap(({ expr }) => metricsIn(expr!))
  const shown = new Set([...named, 'headroom_audit_age_seconds', 'headroom_engine_up'])
  expect(alarmed.filter((name) => !shown.has(name))).toEqual([])
})

test('every alarm goes by figures that are exported, and has a page that says its name and what to do', () => {
  expect(alarms).toHaveLength(read('alarms.yaml').match(/- alert:/g)!.length)
  expect(alarms.length).toBeGreaterThanOrEqual(12)
  for (const { name, expr, severity, runbook } of alarms) {
    expect(severity).toMatch(/^(?:page|ticket)$/)
    const metrics = metricsIn(expr!)
    expect(metrics.length, name).toBeGreaterThan(0)
    expect(
      metrics.filter((metric) => !exported.has(metric)),
      name,
    ).toEqual([])
    const page = readFileSync(root + runbook!, 'utf8')
    expect(page, runbook).toContain(`\`${name}\``)
    for (const part of ['## Look', '## Do', '## Over']) expect(page, `${runbook} has ${part}`).toContain(part)
  }
})

test('a counter is rated and a gauge is not', () => {
  const exprs = [
    ...alarms.map(({ expr }) => expr!),
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ]
  for (const expr of exprs)
    for (const [, how, name] of expr.matchAll(/(\w*)\(((?:headroom|process)_\w+)(?:\{[^}]*\})?(?:\[|\))/g)) {
      const isCounter = exported.get(name!) === 'counter'
      if (isCounter) expect(how, expr).toMatch(/^(?:rate|increase)$/)
      else if (exported.get(name!) === 'gauge') expect(how, expr).not.toMatch(/^(?:rate|increase)$/)
    }
})

test('the pages name commands and files that exist, and the index names every page', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
  const index = read('README.md')
  for (const page of pages) {
    const text = read(page)
    for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts, page).toHaveProperty(script!)
    for (const [, file] of text.matchAll(/npx tsx (\S+\.ts)/g)) expect(existsSync(root + file!), file).toBe(true)
    for (const [metric] of text.matchAll(/headroom_[a-z_]*[a-z]/g)) {
      // The owner's role is called like a figure.
      if (metric !== 'headroom_owner')
        expect(
          metricsIn(metric).every((name) => exported.has(name)),
          metric,
        ).toBe(true)
    }
    if (page !== 'README.md') expect(index, 'the index').toContain(`(${page})`)
  }
})
