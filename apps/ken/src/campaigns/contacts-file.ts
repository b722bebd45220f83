/** The contacts of a campaign as a CSV file (RFC 4180), sent as it is read: memory stays flat however many there are. */
import type { Context } from '../context.ts'
import { byteOrderMark, csvLine } from '../http/csv-line.ts'
import { notFound } from '../http/problem.ts'
import { ownerFilter, type Member } from '../people/session.ts'
import { readContacts, type ContactFilter, type ContactRow } from './contacts.ts'

const rowsAtOnce = 1_000

const columns: { header: string; cell: (row: ContactRow) => string | undefined }[] = [
  { header: 'Name', cell: ({ contact }) => contact.name },
  { header: 'Email', cell: ({ contact }) => contact.email },
  { header: 'Company', cell: ({ contact }) => contact.company },
  { header: 'Job title', cell: ({ contact }) => contact.title },
  { header: 'Country', cell: ({ contact }) => contact.country },
  { header: 'Industry', cell: ({ contact }) => contact.industry },
  { header: 'Company size', cell: ({ contact }) => contact.companySize },
  { header: 'LinkedIn', cell: ({ contact }) => contact.linkedin },
  { header: 'Result', cell: ({ verdict }) => (verdict === 'counted' ? 'Counted' : 'Not counted') },
  { header: 'Reason', cell: ({ reason, label }) => (reason === null ? '' : label) },
  { header: 'Verification', cell: ({ verification }) => verification ?? '' },
]

/**
 * All contacts that fit, in the order of the page. The first are read before anything is sent, so that a failure is answered as one; a
 * later one breaks the file off, which browsers report. A reader who goes away ends the reading.
 */
export async function contactsFile(
  { database, stopped }: Context,
  member: Member,
  campaignId: string,
  filter: ContactFilter,
): Promise<Response> {
  const { rows } = await database.query<{ name: string }>(
    `select name from ken.campaigns where workspace_id = $1 and id = $2 and ($3::text is null or owner_id = $3)`,
    [member.workspace.id, campaignId, ownerFilter(member)],
  )
  if (!rows[0]) throw notFound()
  const campaign = { workspaceId: member.workspace.id, campaignId }
  const encoder = new TextEncoder()
  const next = (after: ContactRow | null) =>
    readContacts(database, campaign, filter, {
      after: after && { importId: after.import_id, row: after.row },
      limit: rowsAtOnce,
    })
  let read = await next(null)
  let head = byteOrderMark + csvLine(columns.map(({ header }) => header))
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      stopped.throwIfAborted()
      if (head === '') read = await next(read.at(-1)!)
      const lines = head + read.map((row) => csvLine(columns.map(({ cell }) => cell(row) ?? null))).join('')
      head = ''
      if (lines !== '') controller.enqueue(encoder.encode(lines))
      if (read.length < rowsAtOnce) controller.close()
    },
  })
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': attachment(`${slug(rows[0].name)}contacts.csv`),
    },
  })
}

/** "q4-founders-": letters and digits of any script, small, with a dash for all between them; nothing where there are none. */
function slug(name: string): string {
  const words =
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return words.map((word) => `${word}-`).join('')
}

/** RFC 6266: a plain name for old readers, the whole one in UTF-8 for all others. */
function attachment(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
}
