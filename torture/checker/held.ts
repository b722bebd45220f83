/** Reservations: their rows against their entries, and against time. */
import { figuresKey, overage, type Replay, type Told } from './replay.ts'
import type { Books, Reservation } from './rows.ts'
import type { Violations } from './violations.ts'

/** How long after its expiry a reservation may be committed late: the catalog's grace. */
const graceMs = 60_000

export function checkReservations(books: Books, { reservations }: Replay, violations: Violations): void {
  const { id: workspace } = books
  for (const told of reservations.values()) {
    const row = books.reservations.get(told.id)
    if (!row) violations.add('I12', workspace, `${told.id} has entries and no row`)
  }
  for (const row of books.reservations.values()) {
    const wrong = (what: string, invariant = 'I6') =>
      violations.add(
        invariant,
        workspace,
        `${what}: ${JSON.stringify({ row, entries: reservations.get(row.id)?.later })}`,
      )
    const told = reservations.get(row.id)
    if (!told) wrong('a reservation has no entries', 'I3')
    else checkOne(row, told, wrong)
  }
}

function checkOne(row: Reservation, told: Told, wrong: (what: string, invariant?: string) => void): void {
  if (told.period !== row.period) wrong('it was reserved in another period than its own')
  if (told.reservedAt !== row.createdAt) wrong('it was reserved at another instant than it was made')
  for (const { meter, reserved, used, requested } of row.lines) {
    const line = told.lines.get(meter) ?? { reserved: 0, used: 0, returned: 0 }
    if (reserved !== line.reserved) wrong(`${meter}: ${line.reserved} were reserved in the books`, 'I3')
    if (reserved > requested) wrong(`${meter}: more is held than was asked for`)
    const late = sum(told, meter, 'late')
    if (used !== line.used + late) wrong(`${meter}: ${line.used + late} were used in the books`, 'I3')
    const isClosed = row.state !== 'held'
    if (isClosed && line.used + line.returned !== line.reserved)
      wrong(`${meter}: it ended and something of it is still reserved`)
    if (!isClosed && line.returned > 0) wrong(`${meter}: it is held and something of it was returned`)
  }
  const kinds = new Set(told.later.map(({ kind }) => kind))
  if (kinds.has('release') && kinds.has('expire')) wrong('it was both released and expired')
  if (kinds.has('release') && row.state !== 'released' && row.state !== 'committed')
    wrong('it was released and says otherwise')
  if (kinds.has('expire') && row.state !== 'expired' && !row.late) wrong('it expired and says otherwise')
  if (kinds.has('late') && !row.late) wrong('it was committed late and says otherwise')
  if (row.late && row.state !== 'committed') wrong('it is late and not committed')
  checkInstants(row, told, wrong)
}

function checkInstants(row: Reservation, told: Told, wrong: (what: string) => void): void {
  for (const { kind, at, seq } of told.later) {
    if (kind === 'expire' && at !== row.expiresAt) wrong(`entry ${seq} expires at another instant than its own`)
    if ((kind === 'commit' || kind === 'release') && at >= row.expiresAt) wrong(`entry ${seq} settles what had expired`)
    if (kind === 'late' && (at < row.expiresAt || at >= row.expiresAt + graceMs))
      wrong(`entry ${seq} is not in its time of grace`)
  }
  const { closedAt, expiresAt, state, late } = row
  if (state === 'held') return
  if (closedAt === null) return wrong('it has ended and nobody knows when')
  if (state === 'expired' && closedAt !== expiresAt) wrong('it expired at another instant than its own')
  if ((state === 'released' || (state === 'committed' && !late)) && closedAt >= expiresAt)
    wrong('it was ended after it had expired')
  if (late && (closedAt < expiresAt || closedAt >= expiresAt + graceMs))
    wrong('it was committed late out of its time of grace')
}

const sum = (told: Told, meter: string, kind: string): number =>
  told.later.reduce(
    (total, entry) => (entry.meter === meter && entry.kind === kind ? total + (entry.quantity ?? 0) : total),
    0,
  )

/** Every balance is the sum of its entries, and what is reserved is what is held. */
export function checkBalances(books: Books, { figures }: Replay, violations: Violations): void {
  const held = new Map<string, number>()
  for (const { state, period, lines } of books.reservations.values()) {
    if (state !== 'held') continue
    for (const { meter, reserved, used } of lines) {
      const key = figuresKey(period, meter)
      held.set(key, (held.get(key) ?? 0) + reserved - used)
    }
  }
  const seen = new Set<string>()
  for (const balance of books.balances) {
    const key = figuresKey(balance.period, balance.meter)
    seen.add(key)
    const told = figures.get(key) ?? { limit: 0, used: 0, reserved: 0 }
    const { limit, used, reserved } = balance
    const same = limit === told.limit && used === told.used && reserved === told.reserved
    const say = (what: string) => () => `${what}: ${JSON.stringify({ balance, told, held: held.get(key) ?? 0 })}`
    violations.hold(same, 'I3', books.id, say('a balance is not the sum of its entries'))
    violations.hold(
      balance.overage === overage(balance),
      'I1',
      books.id,
      say('the overage is not what stands above the limit'),
    )
    violations.hold(reserved === (held.get(key) ?? 0), 'I5', books.id, say('what is reserved is not what is held'))
  }
  for (const key of [...figures.keys(), ...held.keys()]) {
    violations.hold(seen.has(key), 'I3', books.id, () => `${key} has entries or reservations and no balance`)
  }
  violations.hold(
    books.seq === books.entries.length,
    'I10',
    books.id,
    () => `the workspace is at ${books.seq}, its ledger has ${books.entries.length} entries`,
  )
}
