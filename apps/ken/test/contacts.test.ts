/** The contacts of a campaign: filtered, searched, page by page, and as a file. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readContacts, type ContactSummary, type ContactView } from '../src/campaigns/contacts.ts'
import { transaction, type Queryable } from '../src/database.ts'
import { house, people, sum, workspace, type House } from './harness.ts'
import { must, type Visitor } from './visitor.ts'

let ken: House
let editor: Visitor
let campaignId: string
let importId: string

const awkward = [
  '"=HYPERLINK(""http://evil.example"",""Click"")",formula@company.example,"+1, Inc.",CEO,France',
  'Zoë Müller,zoe@company.example,"Quote ""Studio"" AG",@sum,France',
  'No Address,,Nowhere,CEO,France',
  'Sales Desk,info@company.example,Company,CEO,France',
  'Ann Dash,dash@company.example,-2+3,CEO,Spain',
]
const file = ['Name,Email,Company,Title,Country', ...awkward, ...manyPeople(1_300)].join('\n')

function manyPeople(count: number): string[] {
  return people(count)
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.replace(/,CEO,France$/, ',Company,CEO,France'))
}

beforeAll(async () => {
  ken = await house()
  editor = await ken.signIn('editor')
  await ken.leave(2_000)
  const upload = await editor.prepared(file, { titles: ['CEO'], countries: ['France'], industries: [] })
  campaignId = upload.campaignId
  importId = (await editor.start(upload.id)).id
  await editor.ended(importId)
}, 120_000)
afterAll(() => ken.stop())

const page = async (query: string) =>
  must(
    await editor.get<{ data: ContactView[]; nextCursor: string | null }>(
      `/api/campaigns/${campaignId}/contacts?${query}`,
    ),
    200,
  )
const names = async (query: string) => (await page(query)).data.map(({ name }) => name)

test('A60 A62 A63 A64 contacts are found by their verdict, by the reason they do not count for, and by a word', async () => {
  const summary = must(await editor.get<ContactSummary>(`/api/campaigns/${campaignId}/contacts/summary`), 200)
  expect(summary).toMatchObject({ total: 1_305, counted: 1_301 })
  expect(summary.notCounted).toEqual([
    { reason: 'no_address', label: 'No email address', count: 1 },
    { reason: 'title', label: 'Title does not match', count: 1 },
    { reason: 'country', label: 'Country does not match', count: 1 },
    { reason: 'risky', label: 'Risky or shared address', count: 1 },
  ])
  expect(summary.counted + sum(summary.notCounted)).toBe(summary.total)
  expect(await names('reason=risky')).toEqual(['Sales Desk'])
  expect(await names('verdict=not_counted&search=zo%C3%AB')).toEqual(['Zoë Müller'])
  expect(await names('search=STUDIO')).toEqual(['Zoë Müller'])
  expect(await names('search=dash%40company')).toEqual(['Ann Dash'])
  expect(await names('search=%25')).toEqual([])
  expect(await names('verdict=counted&reason=risky')).toEqual([])
  for (const query of ['verdict=maybe', 'reason=__proto__', 'limit=501', 'limit=0'])
    expect((await editor.get(`/api/campaigns/${campaignId}/contacts?${query}`)).status, query).toBe(422)
  for (const path of [
    'contacts?search=%00',
    'contacts.csv?search=a%00',
    'recipients?cursor=%00',
    'contacts?cursor=%0a',
  ])
    expect((await editor.get(`/api/campaigns/${campaignId}/${path}`)).status, path).toBe(400)
})

test('pages go on where the last one ended, with the same filter, and are as long as was asked', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const next: { data: ContactView[]; nextCursor: string | null } = await page(
      `verdict=counted&search=person&limit=500${cursor === null ? '' : `&cursor=${cursor}`}`,
    )
    expect(next.data.length).toBeLessThanOrEqual(500)
    seen.push(...next.data.map(({ email }) => email!))
    cursor = next.nextCursor
  } while (cursor !== null)
  expect(seen.length).toBe(1_300)
  expect(new Set(seen).size).toBe(1_300)
  expect((await page('')).data.length).toBe(50)
})

test('a page is read from its place in an index, without sorting all or passing over what stands before it', async () => {
  const planOf = (after: { importId: string; row: number } | null) =>
    transaction(ken.sql, async (connection) => {
      // So few contacts would be sorted faster than found; of many that is not so.
      for (const way of ['seqscan', 'bitmapscan', 'sort']) await connection.query(`set local enable_${way} = off`)
      const explaining = {
        query: (sql: string, values: unknown[]) => connection.query(`explain ${sql}`, values),
      } as unknown as Queryable
      const filter = { verdict: null, reason: null, text: null }
      const rows = await readContacts(explaining, { workspaceId: workspace, campaignId }, filter, { after, limit: 50 })
      return (rows as unknown as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']).join('\n')
    })
  for (const after of [null, { importId, row: 1_000 }]) {
    const plan = await planOf(after)
    expect(plan).toContain('Index Scan using contacts_in_order')
    expect(plan).not.toMatch(/Filter: .*import_id/)
    // What is put in order is never more than a page.
    expect(plan).not.toMatch(/Sort Key:.*\n\s*-> {2}(?!Limit|Sort)/)
  }
})

test('the file holds what the filter shows, in UTF-8 with its mark, and no cell is a formula', async () => {
  await ken.sql.query(`update ken.campaigns set name = $2 where id = $1`, [campaignId, 'Q4 "Gründer": one/two'])
  const { headers } = await editor.get<string>(`/api/campaigns/${campaignId}/contacts.csv`)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="q4-grunder-one-two-contacts.csv"; filename*=UTF-8''q4-gr%C3%BCnder-one-two-contacts.csv`,
  )
  // Read as bytes: what turns them into text takes the mark away.
  const bytes = await fetch(`${ken.url}/api/campaigns/${campaignId}/contacts.csv`, {
    headers: { Cookie: editor.cookie },
  })
  const text = Buffer.from(await bytes.arrayBuffer()).toString('utf8')
  expect(text.startsWith('\ufeffName,Email,Company,Job title,Country,')).toBe(true)
  expect(text.split('\r\n').length - 1).toBe(1_306)
  const rows = parse(text, { bom: true, record_delimiter: '\r\n' }) as string[][]
  expect(rows.length).toBe(1_306)
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  expect(rows[1]!.slice(0, 5)).toEqual([
    `'=HYPERLINK("http://evil.example","Click")`,
    'formula@company.example',
    `'+1, Inc.`,
    'CEO',
    'France',
  ])
  const filtered = await editor.get<string>(`/api/campaigns/${campaignId}/contacts.csv?reason=title&search=zo`)
  const [, only, ...none] = parse(filtered.body, { bom: true }) as string[][]
  expect(only).toEqual([
    'Zoë Müller',
    'zoe@company.example',
    'Quote "Studio" AG',
    `'@sum`,
    'France',
    '',
    '',
    '',
    'Not counted',
    'Title "@sum" does not match',
    '',
  ])
  expect(none).toEqual([])
})

test('contacts of a campaign one may not see are not there, as a page or as a file', async () => {
  const member = await ken.signIn('member')
  for (const path of ['contacts', 'contacts/summary', 'contacts.csv'])
    expect((await member.get(`/api/campaigns/${campaignId}/${path}`)).status, path).toBe(404)
  const viewer = await ken.signIn('viewer')
  expect((await viewer.get(`/api/campaigns/${campaignId}/contacts.csv?verdict=not_counted`)).status).toBe(200)
})

test('a file of one campaign is listed for all, and can be imported into another one', async () => {
  const { id: other } = await editor.campaign()
  const member = await ken.signIn('member')
  const uploads = async (visitor: Visitor) =>
    must(await visitor.get<{ uploads: { id: string; campaign: { id: string } }[] }>('/api/uploads'), 200).uploads
  const [upload] = await uploads(editor)
  expect(upload).toMatchObject({ fileName: 'people.csv', rows: 1_305, campaign: { id: campaignId } })
  expect(await uploads(member)).toEqual([])
  expect((await member.post(`/api/uploads/${upload!.id}/imports`, { campaignId: other })).status).toBe(404)
  const own = await member.campaign()
  const foreign = await editor.post(`/api/uploads/${upload!.id}/imports`, { campaignId: 'cmp_none' })
  expect(foreign.status).toBe(404)
  const started = must(
    await editor.post<{ id: string; campaignId: string }>(`/api/uploads/${upload!.id}/imports`, { campaignId: own.id }),
    201,
  )
  expect(started.campaignId).toBe(own.id)
  const ended = await editor.ended(started.id)
  // All that counted has counted; for this campaign everyone qualifies, so two more do.
  expect(ended).toMatchObject({ state: 'completed', counted: 2 })
  expect((await member.contacts(own.id, 'counted')).map(({ name }) => name)).toEqual(['Zoë Müller', 'Ann Dash'])
})

test('whoever started an import gets one mail when it has ended, with its figures', async () => {
  interface Mails {
    data: { id: string; kind: string; subject: string; to: { email: string } }[]
  }
  const finished = async () =>
    must(await editor.get<Mails>('/api/mails'), 200).data.filter(({ kind }) => kind === 'import_finished')
  const before = await finished()
  expect(before.map(({ to, subject }) => [to.email, subject])).toContainEqual([
    'editor@ken.example',
    'Your import for Test has finished',
  ])
  const { rows } = await ken.sql.query<{ text: string }>(
    `select text from ken.mails where kind = 'import_finished' and occasion = $1`,
    [importId],
  )
  expect(rows.length).toBe(1)
  expect(rows[0]!.text).toContain('1,301 leads counted, of 1,305 rows read and 1,305 in all.')
  expect(rows[0]!.text).toContain(`/campaigns/${campaignId}?workspace=ws_demo`)
})
