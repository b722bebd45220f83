/** Pages of the ledger, lists of reservations, explanations, plans: what was shown of the books is what stands in them. */
import { cast } from '../cast.ts'
import { bodyOf, type Call } from '../history.ts'
import type { Books, Entry } from './rows.ts'
import type { Violations } from './violations.ts'

interface ShownEntry {
  seq: number
  at: string
  meter: string
  period: string
  kind: string
  quantity: number | null
  after: { limit: number | null; used: number; reserved: number }
  source: { type: string; id: string }
}

interface ShownReservation {
  id: string
  workspace: string
  lines: { meter: string; reserved: number; used: number }[]
}

interface Explained {
  balance: { limit: number | null; used: number; reserved: number }
  sentences: { figure: 'limit' | 'used' | 'reserved' | 'available'; quantity: number | null }[]
}

type Wrong = (invariant: string, call: Call, what: string) => void

/** `before`: the highest number of the ledger that had been answered when something was sent. */
export function checkShown(
  calls: readonly Call[],
  books: Books,
  before: (sentAt: number) => number,
  violations: Violations,
): void {
  const wrong: Wrong = (invariant, call, what) =>
    violations.add(invariant, books.id, `${what}: ${JSON.stringify(call)}`)
  for (const call of calls) {
    if (call.answer?.status !== 200) continue
    if (call.kind === 'ledger') checkPage(call, books, before(call.sentAt), wrong)
    if (call.kind === 'reservations') checkList(call, books, wrong)
    if (call.kind === 'explain') checkSums(call, wrong)
  }
  checkPlan(calls, books, wrong)
}

/** Newest first, without gaps, from what was known at the latest. */
function checkPage(call: Call, { entries }: Books, before: number, wrong: Wrong): void {
  const { data } = bodyOf<{ data: ShownEntry[] }>(call.answer!)
  if ((data[0]?.seq ?? 0) < before) wrong('I12', call, `the ledger was shown without entry ${before}, answered before`)
  data.forEach((shown, index) => {
    if (shown.seq !== data[0]!.seq - index) wrong('I10', call, `entry ${data[0]!.seq - index} was not shown`)
    const entry = entries[shown.seq - 1]
    if (!entry || !isAsShown(entry, shown)) wrong('I10', call, `entry ${shown.seq} is not as it was shown`)
  })
}

const isAsShown = (entry: Entry, { at, meter, period, kind, quantity, after, source }: ShownEntry): boolean =>
  entry.at === Date.parse(at) &&
  entry.period === Date.parse(period) &&
  entry.meter === meter &&
  (entry.kind === kind || (entry.kind === 'late' && kind === 'commit')) &&
  entry.quantity === quantity &&
  entry.limit === after.limit &&
  entry.used === after.used &&
  entry.reserved === after.reserved &&
  entry.source === source.type &&
  entry.sourceId === source.id

function checkList(call: Call, books: Books, wrong: Wrong): void {
  for (const { id, workspace, lines } of bodyOf<{ data: ShownReservation[] }>(call.answer!).data) {
    const row = books.reservations.get(id)
    if (workspace !== books.id) wrong('I11', call, `${id} is of another workspace`)
    if (!row) wrong('I12', call, `${id} was shown and is not there`)
    for (const { meter, reserved, used } of lines) {
      const mine = row?.lines.find((line) => line.meter === meter)
      if (mine && (mine.reserved !== reserved || mine.used < used))
        wrong('I12', call, `${id} was shown with more than it has`)
    }
  }
}

/** The sentences about a figure add up to it. */
function checkSums(call: Call, wrong: Wrong): void {
  const { balance, sentences } = bodyOf<Explained>(call.answer!)
  for (const figure of ['limit', 'used', 'reserved'] as const) {
    const quantities = sentences.filter((one) => one.figure === figure).map(({ quantity }) => quantity)
    const sum = quantities.includes(null) ? null : quantities.reduce<number>((total, one) => total + one!, 0)
    if (sum !== balance[figure]) wrong('I3', call, `${figure} is explained with ${sum}, and is ${balance[figure]}`)
  }
}

interface Chosen {
  plan: string
  contacts?: number
  when: 'now' | 'periodEnd'
}

/** One client alone changes the plans of these workspaces: what it was told is so, and what stands in the end is what it chose. */
function checkPlan(calls: readonly Call[], books: Books, wrong: Wrong): void {
  const member = cast.find(({ id }) => id === books.id)
  if (member?.role !== 'moved') return
  let possible = new Set([member.plan])
  let last: { call: Call; chosen: Chosen } | undefined
  for (const call of calls) {
    const shown =
      call.answer?.status === 200 ? bodyOf<{ plan: string; contacts: number | null }>(call.answer) : undefined
    if (call.kind === 'plan') {
      const chosen = call.asked.body as unknown as Chosen
      last = { call, chosen }
      possible = chosen.when === 'now' && shown ? new Set([chosen.plan]) : possible.add(chosen.plan)
    } else if (call.kind !== 'workspace after plan') continue
    if (!shown || last?.chosen.when !== 'now' || last.call.answer === null) continue
    const { plan, contacts = null } = last.chosen
    if (shown.plan !== plan || shown.contacts !== contacts) wrong('I12', call, `${plan} was chosen and is not shown`)
  }
  if (last && !possible.has(books.plan)) wrong('I12', last.call, `it is on ${books.plan}, which nobody chose`)
}
