/** The Leads Database: who is found and counted, and how a list of them is imported on the path of a file. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Criteria } from '../src/campaigns/criteria.ts'
import { countCounted, countPeople, filterOf, indexesOnly, selectPreview } from '../src/directory/search.ts'
import type { DirectoryOptions, DirectorySearch } from '../src/directory/search.ts'
import { transaction } from '../src/database.ts'
import type { Contact } from '../src/imports/contact.ts'
import { rulesQualifier } from '../src/imports/qualifier.ts'
import { delivers, offlineVerifier } from '../src/imports/verifier.ts'
import type { UploadView } from '../src/imports/uploads.ts'
import type { Context } from '../src/context.ts'
import { house, sum, workspace, type House } from './harness.ts'
import { must, type Visitor } from './visitor.ts'

const anyone: Criteria = { titles: [], countries: [], industries: [] }
const founders: Criteria = {
  titles: ['Founder', 'Chief Executive Officer'],
  countries: ['Deutschland', 'France'],
  industries: ['software', 'internet'],
  companySizes: ['1-50'],
}
let ken: House
let editor: Visitor
let everyone: Person[]

interface Person {
  id: number
  contact: Contact
}

beforeAll(async () => {
  ken = await house({ directory: { people: 8_000 }, verifier: offlineVerifier() })
  editor = await ken.signIn('editor')
  await prepared(editor)
  const { rows } = await ken.sql.query<Person>(
    `select p.id, jsonb_strip_nulls(jsonb_build_object('email', p.email, 'title', t.value, 'country', c.value, 'industry', i.value,
                                                       'companySize', s.value)) as contact
       from ken.directory_people p
       join ken.directory_values t on t.criterion = 'titles' and t.id = p.title
       join ken.directory_values c on c.criterion = 'countries' and c.id = p.country
       join ken.directory_values i on i.criterion = 'industries' and i.id = p.industry
       join ken.directory_values s on s.criterion = 'companySizes' and s.id = p.company_size
      order by p.id`,
  )
  everyone = rows
}, 120_000)
afterAll(() => ken.stop())

/** Asks, as the page does, until everybody can be found. */
async function prepared(visitor: Visitor): Promise<DirectoryOptions> {
  for (;;) {
    const options = must(await visitor.get<DirectoryOptions>('/api/directory'), 200)
    if (options.ready) return options
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const search = async (criteria: Criteria, visitor = editor): Promise<DirectorySearch> =>
  must(await visitor.post<DirectorySearch>('/api/directory/search', { criteria }), 200)

/** Who would qualify, asked one by one. */
const qualified = (criteria: Criteria): Person[] =>
  everyone.filter(({ contact }) => rulesQualifier.judge(contact, criteria).qualified)

const takeList = async (campaignId: string, criteria: Criteria, visitor = editor): Promise<UploadView> =>
  must(await visitor.post<{ upload: UploadView }>(`/api/campaigns/${campaignId}/lists`, { criteria }), 201).upload

/** A campaign for these people, with the list of them. */
async function listed(criteria: Criteria): Promise<UploadView & { campaignId: string }> {
  const { id: campaignId } = await editor.campaign(criteria)
  return { ...(await takeList(campaignId, criteria)), campaignId }
}

test('whoever qualifies is found and nobody else, and how many have an address is exact', async () => {
  for (const criteria of [
    anyone,
    founders,
    { ...anyone, titles: ['CEO'] },
    { ...anyone, titles: ['Assistant'] },
    { ...anyone, countries: ['USA', 'Österreich'] },
    { ...anyone, companySizes: ['10,001+', '11-200'] },
    { ...anyone, titles: ['VP'], industries: ['Banking'], countries: ['India'] },
    { ...anyone, titles: ['Astronaut'] },
  ]) {
    const wanted = qualified(criteria)
    const usable = wanted.filter(({ contact }) => contact.email !== undefined).length
    expect(await search(criteria), JSON.stringify(criteria)).toMatchObject({ found: wanted.length, usable })
  }
  expect(qualified(founders).length).toBeGreaterThan(20)
})

test('each choice says how many are found by it alone', async () => {
  const options = await prepared(editor)
  expect(options).toMatchObject({ prepared: 8_000, people: 8_000 })
  for (const criterion of ['titles', 'countries', 'industries', 'companySizes'] as const) {
    for (const { value, people } of options[criterion].slice(0, 6))
      expect([value, people]).toEqual([value, qualified({ ...anyone, [criterion]: [value] }).length])
  }
})

test('the preview shows the first ten, and of an address only its first letter and its domain', async () => {
  const { preview } = await search(founders)
  expect(preview.map(({ title, country }) => [title, country])).toEqual(
    qualified(founders)
      .slice(0, 10)
      .map(({ contact }) => [contact.title, contact.country]),
  )
  for (const { email } of preview) if (email !== null) expect(email).toMatch(/^[a-z]…@[a-z-]+\.example$/)
  expect(preview.some(({ email }) => email === null)).toBe(true)
})

test('a search reads indexes alone: never the people from one end to the other', async () => {
  const filter = await filterOf({ database: ken.sql, qualifier: rulesQualifier } as unknown as Context, founders)
  const none = await filterOf({ database: ken.sql, qualifier: rulesQualifier } as unknown as Context, anyone)
  for (const found of [filter!, none!]) {
    for (const [what, sql, more, index] of [
      ['count', countPeople(found), [], /Index Only Scan using directory_counts_pkey/],
      [
        'counted',
        countCounted(found),
        [workspace, new Date().toISOString()],
        /Index Only Scan using directory_people_by_email/,
      ],
      ['preview', selectPreview(found), [], /Index.* Scan/],
    ] as const) {
      const plan = await transaction(ken.sql, async (connection) => {
        await connection.query(indexesOnly)
        const { rows } = await connection.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...found.values, ...more])
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
      expect(plan, what).not.toMatch(/Seq Scan on directory_(?:people|counts)/)
      expect(plan, what).toMatch(index)
    }
  }
})

test('A59 A60 A61 A62 A63 A64 A127 people found are no leads: those who qualify and whose address is verified are', async () => {
  await ken.leave(1_000)
  const before = await ken.leads()
  const list = await listed(founders)
  const found = qualified(founders)
  const addresses = found.flatMap(({ contact }) => contact.email ?? [])
  expect(list).toMatchObject({
    source: 'directory',
    criteria: founders,
    rows: found.length,
    usable: addresses.length,
    estimate: addresses.length,
    rejected: { total: found.length - addresses.length, first: [] },
  })
  expect((await ken.leads()).used).toBe(before.used)
  const verified = (await offlineVerifier().verify(addresses, AbortSignal.timeout(5_000))).filter(delivers).length
  expect(verified).toBeGreaterThan(0)
  expect(verified).toBeLessThan(addresses.length)

  const { reserved } = await editor.start(list.id)
  expect(reserved).toBe(addresses.length)
  const [imported] = (await editor.get<{ imports: { id: string }[] }>(`/api/campaigns/${list.campaignId}`)).body.imports
  const ended = await editor.ended(imported!.id)
  expect(ended).toMatchObject({
    state: 'completed',
    fileName: 'Leads Database',
    rowsRead: found.length,
    imported: found.length,
    qualified: addresses.length,
    verified,
    counted: verified,
    returned: addresses.length - verified,
  })
  expect(ended.counted + sum(ended.notCounted)).toBe(found.length)
  expect((await ken.leads()).used - before.used).toBe(verified)

  // Who was counted is found as before, and can count no second time in this period.
  const again = await search(founders)
  expect(again).toMatchObject({ found: found.length, usable: addresses.length, estimate: addresses.length - verified })
  const { rows } = await ken.sql.query<{ contact: Contact }>(
    `select contact from ken.contacts where import_id = $1 and verdict = 'counted' limit 1`,
    [imported!.id],
  )
  const { name, firstName, lastName } = rows[0]!.contact
  expect(name).toBe(`${firstName} ${lastName}`)
})

test('A65 A90 A92 A94 A97 A99 A100 A102 A103 the plan of a list is capped as a file’s is, with its reason in words', async () => {
  const criteria = { ...anyone, titles: ['Sales'] }
  const list = await listed(criteria)
  await ken.leave(60)
  expect(list.estimate).toBeGreaterThan(100)
  const open = await editor.plan(list.id)
  expect(open).toMatchObject({ estimate: list.estimate, available: 60, reserve: 60, boundBy: 'available' })
  expect(open.sentence).toBe(
    `This list has ${list.estimate.toLocaleString('en-US')} contacts that could count, and 60 leads are left: the import stops when 60 have counted.`,
  )
  const above = await editor.plan(list.id, 100)
  expect(above).toMatchObject({ reserve: 60, boundBy: 'available', verdict: { allowed: false } })
  expect(above.sentence).toContain('60 of the 100 fit')
  expect((await editor.plan(list.id, 50)).verdict.allowed).toBe(true)
  await ken.headroom.grant(workspace, { meter: 'leads', quantity: 40, reason: 'A courtesy' })
  expect(await editor.plan(list.id, 100)).toMatchObject({ reserve: 100, boundBy: 'target', verdict: { allowed: true } })
})

test('A74 A101 A144 of two imports of a list at once, on a balance that fits one, both together count no more than there is', async () => {
  const criteria = { ...anyone, titles: ['Marketing'] }
  const [one, other] = [await listed(criteria), await listed({ ...anyone, titles: ['Product'] })]
  await ken.leave(50)
  const started = await Promise.all(
    [one, other].map(({ id }) => editor.post<{ id: string }>(`/api/uploads/${id}/imports`)),
  )
  const [taken, refused] = started.toSorted((a, b) => a.status - b.status)
  expect([taken!.status, refused!.status]).toEqual([201, 402])
  const ended = await editor.ended(taken!.body.id)
  expect(ended).toMatchObject({ state: 'completed', reserved: 50, counted: 50 })
  expect(await ken.leads()).toMatchObject({ available: 0, reserved: 0, overage: 0 })
})

test('two imports run at once in one campaign, and each address counts once', async () => {
  await ken.leave(1_000)
  const before = (await ken.leads()).used
  const criteria = { ...anyone, titles: ['Finance'] }
  const { id: campaignId } = await editor.campaign(criteria)
  const first = await takeList(campaignId, criteria)
  const running = [await editor.start(first.id)]
  const second = await takeList(campaignId, criteria)
  expect(second.id).not.toBe(first.id)
  running.push(await editor.start(second.id))
  const ended = await Promise.all(running.map(({ id }) => editor.ended(id)))
  const counted = ended.reduce((total, { counted: leads }) => total + leads, 0)
  const addresses = qualified(criteria).flatMap(({ contact }) => contact.email ?? [])
  const verified = (await offlineVerifier().verify(addresses, AbortSignal.timeout(5_000))).filter(delivers).length
  expect(counted).toBe(verified)
  expect((await ken.leads()).used - before).toBe(verified)
})

test('a list taken again before it was imported is the same list, and a search that finds nobody makes none', async () => {
  const { id: campaignId } = await editor.campaign(founders)
  const list = await takeList(campaignId, founders)
  expect((await takeList(campaignId, founders)).id).toBe(list.id)
  await editor.ended((await editor.start(list.id, 1)).id)
  const [spain, france] = [
    await takeList(campaignId, { ...founders, countries: ['Spain'] }),
    await takeList(campaignId, { ...founders, countries: ['France'] }),
  ]
  // What was imported stays, and of what was only looked at the last.
  const { rows } = await ken.sql.query('select id from ken.uploads where campaign_id = $1 order by id', [campaignId])
  expect(rows).toEqual([{ id: list.id }, { id: france.id }])
  expect((await ken.sql.query('select 1 from ken.upload_rows where upload_id = $1', [spain.id])).rowCount).toBe(0)
  const nobody = await editor.post(`/api/campaigns/${campaignId}/lists`, {
    criteria: { ...anyone, titles: ['Astronaut'] },
  })
  expect([nobody.status, nobody.body.code]).toEqual([422, 'invalid_request'])
})

test('View only looks and takes no list; a Member takes none into a campaign of others', async () => {
  const { id } = await editor.campaign(founders)
  const [viewer, member] = [await ken.signIn('viewer'), await ken.signIn('member')]
  expect((await search(founders, viewer)).found).toBeGreaterThan(0)
  expect((await viewer.post(`/api/campaigns/${id}/lists`, { criteria: founders })).status).toBe(403)
  expect((await member.post(`/api/campaigns/${id}/lists`, { criteria: founders })).status).toBe(404)
})

test('whom a campaign is for can be said anew, but not while an import is judged by it', async () => {
  const { id, campaignId } = await listed(founders)
  const path = `/api/campaigns/${campaignId}/criteria`
  const put = (criteria: Criteria) =>
    editor.ask('PUT', path, { body: JSON.stringify(criteria), headers: { 'Content-Type': 'application/json' } })
  expect(await put({ ...founders, countries: [] })).toMatchObject({
    status: 200,
    body: { criteria: { countries: [] } },
  })
  await ken.sql.query(`update ken.campaigns set criteria = $2 where id = $1`, [campaignId, JSON.stringify(founders)])
  await ken.leave(500)
  const { id: importId } = await editor.start(id)
  await editor.ended(importId)
  await ken.sql.query(`update ken.imports set state = 'running' where id = $1`, [importId])
  expect((await put(anyone)).status).toBe(409)
})
