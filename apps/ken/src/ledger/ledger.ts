/** The workspace's ledger, as its Admins read it: page by page, or all that a filter lets through as a file. */
import { InvalidRequest, type EntryKind, type EntryWire, type LedgerFilter, type Page } from '@headroom/sdk'
import type { Context } from '../context.ts'
import { byteOrderMark, csvLine } from '../http/csv-line.ts'
import { Problem } from '../http/problem.ts'
import { parameter } from '../http/request.ts'
import type { Member } from '../people/session.ts'
import { Causes, type LedgerRow } from './causes.ts'

const kinds: readonly EntryKind[] = [
  'grant',
  'reserve',
  'commit',
  'release',
  'expire',
  'use',
  'lapse',
  'adjust',
  'refund',
]

/** `meter`, `kind` and `period` of an address; 422 for a kind there is not. Of the other two Headroom knows which there are. */
export function filterOf(url: URL): LedgerFilter {
  const [meter, kind, period] = ['meter', 'kind', 'period'].map((name) => parameter(url, name) || undefined)
  const known = kinds.find((one) => one === kind)
  if (kind !== undefined && known === undefined) throw wrong('kind', 'There is no such kind of entry.')
  return { ...(meter && { meter }), ...(known && { kind: known }), ...(period && { period }) }
}

const wrong = (path: string, message: string) =>
  new Problem('invalid_request', message, { errors: [{ path, message }] })

/** One page, newest first. */
export async function listLedger(
  context: Context,
  { workspace }: Member,
  filter: LedgerFilter,
  cursor: string | null,
): Promise<Page<LedgerRow>> {
  const asked = { ...filter, limit: 50, ...(cursor !== null && { cursor }) }
  const page = await context.headroom.ledger(workspace.id, asked).catch(refused)
  return { ...page, data: await new Causes(context, workspace.id).of(page.data) }
}

/** Headroom's refusal of a filter is one of the request, not a fault of ours. */
function refused(error: unknown): never {
  if (error instanceof InvalidRequest) {
    throw new Problem('invalid_request', error.message, { errors: error.problem?.errors ?? [] })
  }
  throw error
}

type Cell = string | number
const orUnlimited = (quantity: number | null): Cell => quantity ?? 'unlimited'

/** The columns of the file, by the name in its first line. */
const columns: Record<string, (row: LedgerRow) => Cell> = {
  number: ({ seq }) => seq,
  at: ({ at }) => at,
  meter: ({ meter }) => meter,
  period: ({ period }) => period,
  kind: ({ kind }) => kind,
  quantity: ({ quantity }) => orUnlimited(quantity),
  limit_change: ({ change }) => orUnlimited(change.limit),
  used_change: ({ change }) => change.used,
  reserved_change: ({ change }) => change.reserved,
  limit: ({ after }) => orUnlimited(after.limit),
  used: ({ after }) => after.used,
  reserved: ({ after }) => after.reserved,
  over_limit: ({ after }) => after.overage,
  source: ({ source }) => source.type,
  source_id: ({ source }) => source.id,
  cause: ({ cause }) => cause.text,
  by: ({ by }) => by,
  actor_id: ({ actor }) => actor,
}

/**
 * Every entry that the filter lets through, newest first, sent while it is read. "unlimited" where there is no limit. Refused before
 * anything is sent where the filter is wrong or Headroom is away; a failure later breaks the file off, which browsers report.
 */
export async function ledgerFile(context: Context, member: Member, filter: LedgerFilter): Promise<Response> {
  const lines = linesOf(context, member, filter)
  const first = await lines.next().catch(refused)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (first.value && controller.enqueue(encoder.encode(first.value))),
    async pull(controller) {
      const { value, done } = await lines.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return()),
  })
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="ledger-${member.workspace.id}.csv"`,
    },
  })
}

/** A hundred lines at a time, the header with the first of them. */
async function* linesOf(
  context: Context,
  { workspace }: Member,
  filter: LedgerFilter,
): AsyncGenerator<string, void, undefined> {
  const causes = new Causes(context, workspace.id)
  const textOf = async (entries: EntryWire[]) => (await causes.of(entries)).map(lineOf).join('')
  let head = byteOrderMark + csvLine(Object.keys(columns))
  let some: EntryWire[] = []
  for await (const entry of context.headroom.ledgerEntries(workspace.id, filter, { signal: context.stopped })) {
    some.push(entry)
    if (some.length < 100) continue
    yield head + (await textOf(some))
    head = ''
    some = []
  }
  if (head !== '' || some.length > 0) yield head + (await textOf(some))
}

const lineOf = (row: LedgerRow): string => csvLine(Object.values(columns).map((cellOf) => cellOf(row)))
