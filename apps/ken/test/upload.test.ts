import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, people, type House } from './harness.ts'
import { type Visitor } from './visitor.ts'

let here: House
let editor: Visitor
let campaignId: string

beforeAll(async () => {
  here = await house()
  editor = await here.signIn('editor')
  campaignId = (await editor.campaign()).id
})
afterAll(() => here.stop())

const utf16 = new Uint8Array(Buffer.from('\ufeffEmail\na@x.example\n', 'utf16le'))
const zip = Uint8Array.from([0x50, 0x4b, 3, 4, ...Array.from({ length: 60 }, () => 0)])

const refused: [name: string, file: BodyInit, status: number, at: object][] = [
  ['10 MB and one byte', new Uint8Array(10 * 1024 * 1024 + 1).fill(0x61), 413, { code: 'too_large' }],
  ['50,001 rows', `Email\n${'a@x.example\n'.repeat(50_001)}`, 413, { code: 'too_large', row: 50_002 }],
  ['a zip or an xlsx with a .csv name', zip, 422, { code: 'invalid_file' }],
  ['UTF-16', utf16, 422, { code: 'invalid_file' }],
  ['lone carriage returns', 'Email\ra@x.example\r', 422, { row: 1 }],
  ['a quote that is never closed', 'Email,Name\na@x.example,"Ann\n', 422, { row: 2, column: 'Name' }],
  ['10,000 columns', `Email${',x'.repeat(9_999)}\na@x.example\n`, 422, { row: 1 }],
  ['a cell of 5 MB', `Email,Note\na@x.example,${'x'.repeat(5_000_000)}\n`, 413, { row: 2 }],
  ['NUL bytes', 'Email,Name\na@x.example,A\0\n', 422, { row: 2, column: 'Name' }],
  ['duplicate headers', 'Email,Name,email\na@x.example,Ann,\n', 422, { row: 1, column: 'email' }],
  ['a __proto__ header', 'Email,__proto__\na@x.example,x\n', 422, { row: 1, column: '__proto__' }],
  ['no column that tells rows apart', 'Company\nAcme\n', 422, { row: 1 }],
  ['a fault in the last of many rows', `${people(3_000)}Ann,"a@x.example\n`, 422, { row: 3_002 }],
]

test.each(refused)(
  'R104 %s: refused, with the place named; nothing is kept and nothing reserved',
  async (_name, file, status, at) => {
    const answer = await editor.tryUpload(campaignId, file)
    expect(answer).toMatchObject({ status, body: at })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect((await here.sql.query('select 1 from ken.uploads')).rowCount).toBe(0)
    expect((await here.sql.query('select 1 from ken.upload_rows')).rowCount).toBe(0)
    expect(await here.leads()).toMatchObject({ used: 0, reserved: 0 })
  },
)

test('R104 the name must end in .csv and the type must be text/csv', async () => {
  const file = people(1)
  expect(await editor.tryUpload(campaignId, file, 'people.xlsx')).toMatchObject({
    status: 422,
    body: { code: 'invalid_file' },
  })
  expect(await editor.tryUpload(campaignId, file, 'people')).toMatchObject({ status: 422 })
  expect(await editor.tryUpload(campaignId, file, '')).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
  expect(await editor.tryUpload(campaignId, file, 'a\u202ecsv.csv')).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('turn text around') as string },
  })
  const path = `/api/campaigns/${campaignId}/uploads`
  const json = { 'Content-Type': 'application/json', 'X-File-Name': 'people.csv' }
  expect(await editor.ask('POST', path, { body: file, headers: json })).toMatchObject({ status: 415 })
  const badly = { 'Content-Type': 'text/csv', 'X-File-Name': '%E0%A4%A' }
  expect(await editor.ask('POST', path, { body: file, headers: badly })).toMatchObject({ status: 422 })
})

test('R105 mixed line ends, a byte order mark and semicolons are taken; columns and rejected rows are named', async () => {
  const file =
    '\ufeffPrénom;Nom;Courriel;Pays;Couleur\r\nZoë;Dubois;zoe@x.example;France;bleu\nLéo;Petit;;France;\r\nIda;"Grand; M.";ida@;France;vert;trop\n'
  const upload = await editor.upload(campaignId, file)
  expect(upload).toMatchObject({
    fileName: 'people.csv',
    rows: 3,
    usable: 1,
    estimate: 1,
    columns: [
      { header: 'Prénom', field: 'firstName' },
      { header: 'Nom', field: 'lastName' },
      { header: 'Courriel', field: 'email' },
      { header: 'Pays', field: 'country' },
      { header: 'Couleur', field: null },
    ],
    rejected: {
      total: 2,
      first: [
        { row: 3, column: 'Courriel', reason: 'No email address' },
        { row: 4, column: '6', reason: 'More cells than columns' },
      ],
    },
  })
})

test('R22 R23 what looks like a formula or markup is kept as the text it is', async () => {
  const cells = ['=cmd|/c calc!A0', '<script>alert(1)</script>', "' OR 1=1 --"]
  const file = 'Name,Email\n' + cells.map((cell, n) => `"${cell}",f${n}@x.example`).join('\n')
  const upload = await editor.prepared(file)
  await editor.ended((await editor.start(upload.id)).id)
  expect((await editor.contacts(upload.campaignId)).map(({ name }) => name)).toEqual(cells)
})

test('a campaign lists its uploads, newest first, with an estimate that falls as contacts count', async () => {
  const first = await editor.prepared(people(10, 100))
  await editor.upload(first.campaignId, people(20, 100))
  await editor.ended((await editor.start(first.id)).id)
  const { body } = await editor.get<{ uploads: { rows: number; estimate: number }[] }>(
    `/api/campaigns/${first.campaignId}`,
  )
  expect(body.uploads.map(({ rows, estimate }) => [rows, estimate])).toEqual([
    [20, 10],
    [10, 0],
  ])
})

test('the largest file that is allowed is taken, and other requests are answered meanwhile', async () => {
  const uploading = editor.tryUpload(campaignId, people(50_000, 10_000))
  let answered = 0
  const others = (async () => {
    for (let done = false; !done;) {
      done = await Promise.race([uploading.then(() => true), editor.get('/api/session').then(() => false)])
      answered += 1
    }
  })()
  const { status, body } = await uploading
  await others
  expect(status).toBe(201)
  expect(body).toMatchObject({ upload: { rows: 50_000, usable: 50_000, estimate: 50_000 } })
  expect(answered).toBeGreaterThan(3)
}, 60_000)

test('the example file can be downloaded', async () => {
  const { status, headers, body } = await editor.get<string>('/api/files/contacts.csv')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(body).toContain('Work Email')
})

test('targets that are no whole number from 1 are refused before anything happens', async () => {
  const upload = await editor.prepared(people(3, 200))
  for (const target of [0, -1, 1.5, '10x', 'ten', true, [], {}, 1e12]) {
    expect((await editor.post(`/api/uploads/${upload.id}/imports`, { target })).status, JSON.stringify(target)).toBe(
      422,
    )
  }
  for (const target of ['0', '-1', '1.5', '1e3', '١']) {
    expect(
      (await editor.get(`/api/uploads/${upload.id}/plan?target=${encodeURIComponent(target)}`)).status,
      target,
    ).toBe(422)
  }
  expect((await editor.get(`/api/uploads/${upload.id}/plan?target=1&target=2`)).status).toBe(400)
  expect((await editor.post(`/api/uploads/${upload.id}/imports`, { target: 1, reserve: 9 })).status).toBe(422)
})

test('an import can be followed as a stream from its state now to its end', async () => {
  const upload = await editor.prepared(people(250, 300))
  const { id } = await editor.start(upload.id)
  const response = await fetch(`${here.url}/api/imports/${id}/events`, { headers: { Cookie: editor.cookie } })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = (await response.text())
    .split('\n\n')
    .filter((event) => event.startsWith('event: import'))
    .map((event) => JSON.parse(event.slice(event.indexOf('{'))) as { state: string; counted: number })
  expect(events.at(-1)).toMatchObject({ id, state: 'completed', counted: 250 })
})

test('without a built web app a page says what to do, and the API answers', async () => {
  const page = await editor.get<string>('/campaigns')
  expect(page.status).toBe(503)
  expect(page.body).toContain('The web app is not built')
  expect((await editor.get('/api/session')).status).toBe(200)
})

test('what a file could still bring is found with one look for each row, also before PostgreSQL knows how many rows there are', async () => {
  const { period } = await here.headroom.usage('ws_demo')
  await here.sql.query(
    `insert into ken.counted select 'ws_demo', $1, encode(sha256(convert_to(n::text, 'utf8')), 'hex'), 'imp_before', 1
       from generate_series(1, 500) n`,
    [period.start],
  )
  const looked = async () => {
    const { rows } = await here.sql.query<{ looks: number; read: number }>(
      `select idx_scan::integer as looks, idx_tup_read::integer as read from pg_stat_user_indexes where schemaname = 'ken' and indexrelname = 'counted_pkey'`,
    )
    return rows[0]!
  }
  await editor.upload(campaignId, people(2_000))
  // A connection tells what it has read when it ends.
  await here.sql.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ken' and state = 'idle' and datname = current_database()`,
  )
  await expect.poll(async () => (await looked()).looks, { timeout: 10_000 }).toBeGreaterThan(0)
  expect((await looked()).read).toBeLessThan(2_000)
})
