/** The books as they stand in PostgreSQL, read past the product. Numbers are given their words here once more, on purpose. */
import pg from 'pg'

const kinds = ['grant', 'reserve', 'commit', 'release', 'expire', 'use', 'lapse', 'adjust', 'refund', 'late'] as const
const sources = ['plan', 'purchase', 'reservation', 'use', 'operator'] as const
const reservationStates = ['held', 'committed', 'released', 'expired'] as const

export interface Entry {
  seq: number
  meter: string
  at: number
  period: number
  kind: (typeof kinds)[number]
  quantity: number | null
  source: (typeof sources)[number]
  sourceId: string
  limit: number | null
  used: number
  reserved: number
  overageChange: number
}

export interface Reservation {
  id: string
  state: (typeof reservationStates)[number]
  late: boolean
  period: number
  createdAt: number
  expiresAt: number
  closedAt: number | null
  lines: { meter: string; requested: number; reserved: number; used: number }[]
}

export interface Grant {
  source: (typeof sources)[number]
  sourceId: string
  meter: string
  period: number
  quantity: number | null
  takenBack: number
  reason: string | null
}

export interface Balance {
  meter: string
  period: number
  periodEnd: number
  limit: number | null
  used: number
  reserved: number
  overage: number
}

export interface Purchase {
  id: string
  state: string
  session: string | null
  addOn: string | null
  blocks: number | null
  plan: string | null
  total: number
  brings: [string, number][]
  refunded: number
  note: string | null
}

/** One workspace whole. */
export interface Books {
  id: string
  seq: number
  at: number
  plan: string
  contacts: number | null
  interval: string
  status: string
  anchor: number
  reference: string | null
  entries: Entry[]
  reservations: Map<string, Reservation>
  grants: Grant[]
  balances: Balance[]
  purchases: Purchase[]
  /** By the stored key: caller, route and the client's own, with spaces between. */
  answers: Map<string, { status: number; body: string }>
}

/** What the simulated Stripe says itself, by kind. */
export interface StripeTruth {
  objects: Map<string, Record<string, unknown>[]>
  deliveries: { event: string; state: string }[]
}

/** An event of Stripe's as it was kept here. */
export interface Kept {
  id: string
  type: string
  state: 'waiting' | 'done' | 'parked'
  note: string | null
}

export interface Snapshot {
  now: number
  books: Map<string, Books>
  stripe: StripeTruth
  inbox: Kept[]
}

type Row = Record<string, unknown>

export async function connectChecker(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c search_path=headroom -c timezone=UTC',
    application_name: 'torture checker',
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Everything at one instant. */
export async function readAll(client: pg.Client): Promise<Snapshot> {
  await client.query('begin isolation level repeatable read read only')
  const all = async (sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows
  try {
    const books = new Map<string, Books>()
    for (const row of await all('select * from workspaces join subscriptions using (workspace_id)')) {
      books.set(text(row['workspace_id']), workspaceOf(row))
    }
    const of = (row: Row): Books => books.get(text(row['workspace_id'])) ?? stray(books, row)
    for (const row of await all('select * from ledger_entries order by workspace_id, seq'))
      of(row).entries.push(entryOf(row))
    for (const row of await all('select * from reservations'))
      of(row).reservations.set(text(row['id']), reservationOf(row))
    for (const row of await all('select * from grants')) of(row).grants.push(grantOf(row))
    for (const row of await all('select * from balances order by period_start')) of(row).balances.push(balanceOf(row))
    for (const row of await all('select * from purchases order by id')) of(row).purchases.push(purchaseOf(row))
    for (const row of await all('select * from answers')) {
      of(row).answers.set(text(row['key']), { status: Number(row['status']), body: text(row['body']) })
    }
    const [clock] = await all('select now from test_clock')
    const inbox = (await all('select event_id, type, state, note from inbox')).map(keptOf)
    return { now: millis(clock?.['now']), books, stripe: await stripeTruth(all), inbox }
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

async function stripeTruth(all: (sql: string) => Promise<Row[]>): Promise<StripeTruth> {
  const objects = new Map<string, Record<string, unknown>[]>()
  const wanted = "('checkout.session', 'charge', 'payment_intent', 'dispute', 'subscription', 'price')"
  for (const { kind, body } of await all(
    `select kind, body from stripe_simulator.objects where kind in ${wanted} order by seq`,
  )) {
    const list = objects.get(text(kind)) ?? []
    list.push(body as Record<string, unknown>)
    objects.set(text(kind), list)
  }
  const deliveries = await all('select event, state from stripe_simulator.deliveries')
  return { objects, deliveries: deliveries.map(({ event, state }) => ({ event: text(event), state: text(state) })) }
}

/** A row of a workspace that does not exist is kept under its name: whoever checks it will say so. */
function stray(books: Map<string, Books>, row: Row): Books {
  const made = workspaceOf({ workspace_id: row['workspace_id'], seq: -1, anchor: new Date(0), at: new Date(0) })
  books.set(made.id, made)
  return made
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const orNull = (value: unknown): string | null => (value === null || value === undefined ? null : text(value))
const number = (value: unknown): number => Number(value)
const limitOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))
const millis = (value: unknown): number => (value instanceof Date ? value.getTime() : Number.NaN)

const workspaceOf = (row: Row): Books => ({
  id: text(row['workspace_id']),
  seq: number(row['seq']),
  at: millis(row['at']),
  plan: text(row['plan']),
  contacts: limitOf(row['contacts']),
  interval: text(row['interval']),
  status: text(row['status']),
  anchor: millis(row['anchor']),
  reference: orNull(row['reference']),
  entries: [],
  reservations: new Map(),
  grants: [],
  balances: [],
  purchases: [],
  answers: new Map(),
})

const entryOf = (row: Row): Entry => ({
  seq: number(row['seq']),
  meter: text(row['meter']),
  at: millis(row['at']),
  period: millis(row['period_start']),
  kind: kinds[number(row['kind'])]!,
  quantity: limitOf(row['quantity']),
  source: sources[number(row['source_type'])]!,
  sourceId: text(row['source_id']),
  limit: limitOf(row['limit_after']),
  used: number(row['used_after']),
  reserved: number(row['reserved_after']),
  overageChange: number(row['overage_change']),
})

const reservationOf = (row: Row): Reservation => ({
  id: text(row['id']),
  state: reservationStates[number(row['state'])]!,
  late: row['late'] === true,
  period: millis(row['period_start']),
  createdAt: millis(row['created_at']),
  expiresAt: millis(row['expires_at']),
  closedAt: row['closed_at'] === null ? null : millis(row['closed_at']),
  lines: (row['lines'] as [string, number, number, number][]).map(([meter, requested, reserved, used]) => ({
    meter,
    requested,
    reserved,
    used,
  })),
})

const grantOf = (row: Row): Grant => ({
  source: sources[number(row['source_type'])]!,
  sourceId: text(row['source_id']),
  meter: text(row['meter']),
  period: millis(row['period_start']),
  quantity: limitOf(row['quantity']),
  takenBack: number(row['taken_back']),
  reason: orNull(row['reason']),
})

const balanceOf = (row: Row): Balance => ({
  meter: text(row['meter']),
  period: millis(row['period_start']),
  periodEnd: millis(row['period_end']),
  limit: limitOf(row['limit']),
  used: number(row['used']),
  reserved: number(row['reserved']),
  overage: number(row['overage']),
})

const keptOf = (row: Row): Kept => ({
  id: text(row['event_id']),
  type: text(row['type']),
  state: (['waiting', 'done', 'parked'] as const)[number(row['state'])]!,
  note: orNull(row['note']),
})

const purchaseOf = (row: Row): Purchase => ({
  id: text(row['id']),
  state: text(row['state']),
  session: orNull(row['session']),
  addOn: orNull(row['add_on']),
  blocks: limitOf(row['blocks']),
  plan: orNull(row['plan']),
  total: number(row['total']),
  brings: row['brings'] as [string, number][],
  refunded: number(row['refunded']),
  note: orNull(row['note']),
})
