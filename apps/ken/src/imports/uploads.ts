/** Uploaded files: read once as they arrive, kept as rows, so that an import can be resumed at any row after a restart. */
import { contactOf, type Fault, type ReadRow } from './contact.ts'
import type { Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import { CsvFault, csvLimits, readCsv } from './csv.ts'
import { newId, type Queryable } from '../database.ts'
import { recognise, type Column } from './headers.ts'
import { notFound, Problem } from '../http/problem.ts'
import { reasonLabels } from './reasons.ts'
import { mustSeeCampaign, ownerFilter, type Member } from '../people/session.ts'
import { visibleText } from '../visible-text.ts'

export interface UploadView {
  id: string
  fileName: string
  rows: number
  /** Rows with an address that looks right. */
  usable: number
  /** Usable addresses, each once, that have not been counted in this period yet: no import of the file can count more. */
  estimate: number
  columns: Column[]
  /** Of a list of the directory, those without a known address; they are not named one by one. */
  rejected: { total: number; first: { row: number; column: string | null; reason: string }[] }
  /** A file, or people found in the Leads Database by the criteria. */
  source: 'csv' | 'directory'
  criteria: Criteria | null
  createdAt: string
}

interface UploadRow {
  id: string
  campaign_id: string
  file_name: string
  columns: Column[]
  rejected: UploadView['rejected']
  rows: number
  usable: number
  estimate: number
  source: UploadView['source']
  criteria: Criteria | null
  created_at: Date
}

/** How many rows that cannot count are named one by one after an upload. */
const rejectedShown = 20

/** A client that stops sending is not waited for longer than this. */
const idleMs = 30_000

/** Reads the body into rows. Everything or nothing: a file that is refused leaves no trace. Nothing is reserved by an upload. */
export async function takeUpload(
  context: Context,
  member: Member,
  campaignId: string,
  request: Request,
): Promise<UploadView> {
  await mustSeeCampaign(context.database, member, campaignId)
  const fileName = fileNameOf(request)
  // Asked before the body is read: without the current period there is no estimate, and the file would have been sent for nothing.
  const { period, asOf } = await context.headroom.usage(member.workspace.id)
  const { database } = context
  await database.query(`delete from ken.uploads where ready_at is null and started_at < now() - interval '1 hour'`)
  const id = newId('upl')
  const key = [member.workspace.id, id]
  await database.query(
    `insert into ken.uploads (workspace_id, id, campaign_id, file_name, created_by, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [...key, campaignId, fileName, member.userId, asOf],
  )
  const reader = request.body?.getReader()
  try {
    await readInto(database, key, chunksOf(reader))
    await database.query(`update ken.uploads set ready_at = now() where workspace_id = $1 and id = $2`, key)
  } catch (error) {
    await database.query(`delete from ken.uploads where workspace_id = $1 and id = $2`, key).catch(() => undefined)
    throw error instanceof CsvFault ? problemOf(error) : error
  } finally {
    // What is left of a refused file is read and dropped by whoever sends the refusal.
    reader?.releaseLock()
  }
  return showUpload(database, member, id, period.start)
}

async function readInto(database: Queryable, key: string[], file: AsyncIterable<Uint8Array>): Promise<void> {
  let columns: Column[] = []
  const rejected: UploadView['rejected'] = { total: 0, first: [] }
  let [rows, usable] = [0, 0]
  await readCsv(file, {
    header(cells) {
      columns = recognise(cells)
    },
    async rows(batch) {
      const read = batch.map((row) => contactOf(row, columns))
      for (const { row, column, fault } of read) {
        if (fault === null) continue
        rejected.total += 1
        if (rejected.first.length < rejectedShown) rejected.first.push({ row, column, reason: reasonLabels[fault] })
      }
      rows += read.length
      usable += read.filter((row) => row.fault === null).length
      await insertRows(database, key, read)
    },
  })
  await database.query(
    `update ken.uploads set columns = $3, rejected = $4, rows = $5, usable = $6 where workspace_id = $1 and id = $2`,
    [...key, JSON.stringify(columns), JSON.stringify(rejected), rows, usable],
  )
}

async function insertRows(database: Queryable, key: string[], read: ReadRow[]): Promise<void> {
  await database.query(
    `insert into ken.upload_rows (workspace_id, upload_id, row, contact, email_hash, fault)
     select $1, $2, r.row, r.contact, r.email_hash, r.fault
       from unnest($3::integer[], $4::jsonb[], $5::text[], $6::text[]) as r (row, contact, email_hash, fault)`,
    [
      ...key,
      read.map((row) => row.row),
      read.map((row) => JSON.stringify(row.contact)),
      read.map((row) => row.emailHash),
      read.map((row) => row.fault satisfies Fault | null),
    ],
  )
}

/** The name as the browser gives it; the extension is the promise, the content is checked while reading. */
function fileNameOf(request: Request): string {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'text/csv') throw new Problem('unsupported_media_type', 'Send the file as text/csv.')
  if (request.headers.has('content-encoding'))
    throw new Problem('unsupported_media_type', 'Send the file uncompressed.')
  let name: string
  try {
    name = decodeURIComponent(request.headers.get('x-file-name') ?? '')
  } catch {
    throw new Problem('invalid_request', 'X-File-Name must be URI-encoded.')
  }
  const base = name
    .normalize('NFC')
    .replace(/^.*[/\\]/, '')
    .trim()
  if (/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(base)) {
    throw new Problem(
      'invalid_request',
      'The file name has control characters or some that turn text around. Rename it.',
    )
  }
  if (visibleText(base) === '' || Array.from(base).length > 200) {
    throw new Problem('invalid_request', 'X-File-Name must be a file name of at most 200 characters.')
  }
  if (!/\.csv$/i.test(base))
    throw new Problem('invalid_file', 'Only .csv files can be uploaded. Export the list as CSV first.')
  if (Number(request.headers.get('content-length') ?? 0) > csvLimits.bytes) {
    throw new Problem('too_large', 'A file may be at most 10 MB.')
  }
  return base
}

async function* chunksOf(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    let timer: NodeJS.Timeout | undefined
    const idle = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Problem('timed_out', 'The file stopped arriving.')), idleMs)
    })
    const next = await Promise.race([reader?.read(), idle]).finally(() => clearTimeout(timer))
    if (!next || next.done) return
    yield next.value
  }
}

function problemOf(fault: CsvFault): Problem {
  const path = fault.row === null ? 'file' : `row ${fault.row}`
  const where = { row: fault.row, column: fault.column }
  return new Problem(fault.kind, fault.message, { ...where, errors: [{ path, message: fault.message }] })
}

/** "offset 0" keeps it one look by the whole key for each address: joined, what was counted would be read once for every row. */
const select = `
  select u.id, u.campaign_id, u.file_name, u.columns, u.rejected, u.rows, u.usable, u.source, u.criteria, u.created_at,
         (select count(distinct r.email_hash)::integer
            from ken.upload_rows r
           where r.workspace_id = u.workspace_id and r.upload_id = u.id and r.email_hash is not null
             and not exists (select 1 from ken.counted d
                              where d.workspace_id = u.workspace_id and d.period_start = $2::timestamptz and d.email_hash = r.email_hash
                              offset 0)
         ) as estimate
    from ken.uploads u
    join ken.campaigns c on c.workspace_id = u.workspace_id and c.id = u.campaign_id
   where u.workspace_id = $1 and u.ready_at is not null`

/** One upload, where this member may see its campaign. The estimate is for the period that starts then; for null, of the file alone. */
export async function showUpload(
  database: Queryable,
  member: Member,
  id: string,
  periodStart: string | null,
): Promise<UploadView & { campaignId: string }> {
  const { rows } = await database.query<UploadRow>(
    `${select} and u.id = $3 and ($4::text is null or c.owner_id = $4)`,
    [member.workspace.id, periodStart, id, ownerFilter(member)],
  )
  if (!rows[0]) throw notFound()
  return { ...view(rows[0]), campaignId: rows[0].campaign_id }
}

/** A campaign's uploads, newest first. */
export async function uploadsOf(
  { database, headroom }: Context,
  workspaceId: string,
  campaignId: string,
): Promise<UploadView[]> {
  const held = await database.query(`select 1 from ken.uploads where workspace_id = $1 and campaign_id = $2 limit 1`, [
    workspaceId,
    campaignId,
  ])
  if (held.rows.length === 0) return []
  // While Headroom cannot be asked the list still shows; the estimates are then of the files alone.
  const periodStart = await headroom.usage(workspaceId).then(
    ({ period }) => period.start,
    () => null,
  )
  const { rows } = await database.query<UploadRow>(`${select} and u.campaign_id = $3 order by u.id desc limit 20`, [
    workspaceId,
    periodStart,
    campaignId,
  ])
  return rows.map(view)
}

function view(row: UploadRow): UploadView {
  const { id, file_name: fileName, rows, usable, estimate, columns, rejected, source, criteria, created_at: at } = row
  return { id, fileName, rows, usable, estimate, columns, rejected, source, criteria, createdAt: at.toISOString() }
}
