import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntryWire, Page, PurchaseWire } from '@headroom/sdk'
import type { LedgerRow } from '../src/ledger/causes.ts'
import type { FoundPurchase } from '../src/ledger/receipts.ts'
import { csvLine } from '../src/http/csv-line.ts'
import { house, people, workspace, type House } from './harness.ts'
import { must, type Visitor } from './visitor.ts'

let here: House
let admin: Visitor
let purchase: PurchaseWire

beforeAll(async () => {
  here = await house({}, { payments: true })
  admin = await here.signIn('admin')
  purchase = await buyLeads(1)
  const upload = await admin.prepared(people(30))
  await admin.ended((await admin.start(upload.id)).id)
  const lines = [{ meter: 'email_sends', quantity: 2 }]
  await here.sql.query(
    `insert into ken.sendings (workspace_id, campaign_id, schedule, reference) select workspace_id, id, '{}', name from ken.campaigns where id = $1`,
    [upload.campaignId],
  )
  await here.headroom.use(workspace, { lines, mode: 'record', reference: 'Test' })
  await here.headroom.use(workspace, { lines, mode: 'record', reference: '=HYPERLINK("http://x.example","Click")' })
  await here.headroom.grant(workspace, { meter: 'leads', quantity: 5, reason: 'Goodwill' })
}, 60_000)
afterAll(() => here.stop())

async function buyLeads(blocks: number): Promise<PurchaseWire> {
  const { headroom } = here
  const { purchaseId } = await headroom.purchases.checkout(workspace, { addOn: 'leads', blocks })
  const { checkoutSession } = await headroom.purchases.get(workspace, purchaseId)
  await here.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  return headroom.purchases.reconcile(workspace, purchaseId)
}

async function all(filter = {}): Promise<EntryWire[]> {
  const entries: EntryWire[] = []
  for await (const entry of here.headroom.ledgerEntries(workspace, filter)) entries.push(entry)
  return entries
}

const rowsOf = async (query = '') => must(await admin.get<Page<LedgerRow>>(`/api/ledger${query}`), 200)
const plain = ({ cause: _cause, by: _by, ...entry }: LedgerRow): EntryWire => entry

test('an Admin reads the ledger as Headroom has it, with what caused each entry and who asked for it', async () => {
  const { data, nextCursor } = await rowsOf()
  expect(data.map(plain)).toEqual(await all())
  expect(nextCursor).toBeNull()
  const told = (kind: string, meter: string) =>
    data.filter((row) => row.kind === kind && row.meter === meter).map(({ cause, by }) => `${cause.text} by ${by}`)
  expect(told('reserve', 'leads')).toEqual(['Import into “Test” by Ada Admin'])
  expect(told('use', 'email_sends')).toEqual([
    '=HYPERLINK("http://x.example","Click") by Ken',
    'Mails of “Test” by Ken',
  ])
  const receipt = `Receipt ${purchase.receipt!.number}`
  expect(told('grant', 'leads').map((text) => text.replace(/ by .*/, ''))).toEqual([
    'Headroom’s operator',
    receipt,
    ...told('grant', 'leads')
      .slice(2)
      .map(() => expect.stringMatching(/plan/) as unknown),
  ])
  expect(data.find(({ kind }) => kind === 'reserve')!.cause.href).toMatch(/^\/campaigns\/cmp_/)
})

test('a filter by meter, kind and period holds on every page, and one that is not well-formed is refused', async () => {
  const uses = await rowsOf('?kind=use&meter=email_sends')
  expect(uses.data.map(plain)).toEqual(await all({ kind: 'use', meter: 'email_sends' }))
  expect(uses.data).toHaveLength(2)
  const period = encodeURIComponent(uses.data[0]!.period)
  expect((await rowsOf(`?period=${period}`)).data.length).toBeGreaterThan(5)
  expect((await rowsOf('?period=2020-01-01T00:00:00Z')).data).toEqual([])
  for (const bad of ['kind=sold', 'meter=nothing', 'period=soon', 'cursor=x', 'kind=use&kind=use']) {
    const { status } = await admin.get(`/api/ledger?${bad}`)
    expect([400, 422], bad).toContain(status)
  }
  // More than one page.
  const lines = [{ meter: 'leads', quantity: 1 }]
  const use = { op: 'use', workspace, lines, mode: 'record', reference: 'many' } as const
  await here.headroom.batch(Array.from({ length: 60 }, () => use))
  const first = await rowsOf('?kind=use&meter=leads')
  const second = await rowsOf(`?kind=use&meter=leads&cursor=${encodeURIComponent(first.nextCursor!)}`)
  expect([...first.data, ...second.data].map(plain)).toEqual(await all({ kind: 'use', meter: 'leads' }))
  expect([first.data.length, second.data.length]).toEqual([50, 10])
})

test('the file has every entry the filter lets through, figure by figure, and no formula', async () => {
  const answer = await admin.ask<string>('GET', '/api/ledger.csv')
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="ledger-${workspace}.csv"`)
  const rows: Record<string, string>[] = parse(answer.body, { bom: true, columns: true })
  const entries = await all()
  expect(entries.length).toBeGreaterThan(60)
  expect(rows).toHaveLength(entries.length)
  const text = (quantity: number | null) => String(quantity ?? 'unlimited')
  for (const [index, { seq, at, meter, kind, quantity, change, after, source }] of entries.entries()) {
    expect(rows[index]).toMatchObject({
      number: String(seq),
      at,
      meter,
      kind,
      quantity: text(quantity),
      limit_change: text(change.limit),
      used_change: String(change.used),
      limit: text(after.limit),
      used: String(after.used),
      reserved: String(after.reserved),
      over_limit: String(after.overage),
      source_id: safe(source.id),
    })
  }
  for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@]/)
  const some = await admin.ask<string>('GET', '/api/ledger.csv?kind=grant&meter=leads')
  expect(parse(some.body, { bom: true, columns: true })).toHaveLength(
    (await all({ kind: 'grant', meter: 'leads' })).length,
  )
  const none = await admin.ask<string>('GET', '/api/ledger.csv?period=2020-01-01T00:00:00Z')
  expect(none.body.split('\r\n').filter((line) => line !== '')).toHaveLength(1)
  expect((await admin.get('/api/ledger.csv?meter=nothing')).status).toBe(422)
})

const safe = (text: string) => (text.startsWith('=') ? `'${text}` : text)

test('R22 R23 a text that a spreadsheet would take for a formula is not one, whatever it starts with', () => {
  for (const start of ['=', '+', '-', '@', ' =', '\t=', '\r', '\n', '＝', '\ufeff=']) {
    const [[cell]] = parse(csvLine([`${start}1+1`])) as [[string]]
    expect(cell, JSON.stringify(start)).toBe(`'${start}1+1`)
  }
  expect(csvLine([-5, null, 'a "b", c', 'Zoë-Ann'])).toBe('-5,,"a ""b"", c",Zoë-Ann\r\n')
})

test('A121 a purchase is found by its receipt, payment, session or own id, with what it brought and its entries', async () => {
  const { checkoutSession } = await here.headroom.purchases.get(workspace, purchase.id)
  const find = async (id: string) =>
    must(await admin.get<{ data: FoundPurchase[] }>(`/api/purchases?id=${encodeURIComponent(id)}`), 200).data
  const [found] = await find(purchase.receipt!.number)
  expect(found!.purchase).toMatchObject({ id: purchase.id, state: 'paid', total: 9_000, checkoutSession: null })
  expect(found!.entries.map(({ kind, meter, quantity, cause }) => [kind, meter, quantity, cause.text])).toEqual([
    ['grant', 'email_sends', 4_000, `Receipt ${purchase.receipt!.number}`],
    ['grant', 'leads', 1_000, `Receipt ${purchase.receipt!.number}`],
  ])
  const { data } = await here.headroom.purchases.byReceipt(checkoutSession!)
  expect(data).toHaveLength(1)
  for (const id of [purchase.id, checkoutSession!, ` ${purchase.receipt!.number} `])
    expect(await find(id)).toEqual([found])
  expect(await find('0000-0000')).toEqual([])
  for (const bad of ['', '  ', 'two words', 'x'.repeat(256)]) {
    expect((await admin.get(`/api/purchases?id=${encodeURIComponent(bad)}`)).status, bad).toBe(422)
  }
})

test('nothing of another workspace is found, by no id that is right there', async () => {
  const other = 'ws_elsewhere'
  await here.headroom.workspaces.create({ id: other, name: 'Elsewhere', plan: 'growth', contacts: 5_000 })
  const { purchaseId } = await here.headroom.purchases.checkout(other, { addOn: 'leads', blocks: 1 })
  const { checkoutSession } = await here.headroom.purchases.get(other, purchaseId)
  await here.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  const { receipt } = await here.headroom.purchases.reconcile(other, purchaseId)
  for (const id of [purchaseId, checkoutSession!, receipt!.number]) {
    expect(must(await admin.get(`/api/purchases?id=${encodeURIComponent(id)}`), 200)).toEqual({ data: [] })
  }
})

test('A11 the ledger, its file and receipts are for Admins', async () => {
  for (const role of ['editor', 'member', 'viewer'] as const) {
    const visitor = await here.signIn(role)
    for (const path of ['/api/ledger', '/api/ledger.csv', `/api/purchases?id=${purchase.id}`]) {
      expect((await visitor.get(path)).status, `${role} ${path}`).toBe(403)
    }
  }
})
