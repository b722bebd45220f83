import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type Stripe from 'stripe'
import { badParameter } from './fault.ts'
import { planDeliveries, type PlannedDelivery } from './delivery-plan.ts'
import { visible } from './expand.ts'
import type { Settings } from './settings.ts'
import type { Origin } from './store.ts'
import type { Kind, Kinds, Page, Scalar, Tx } from './wire.ts'

export const apiVersion = '2026-10-28.endive'

interface Opening {
  origin: Origin
  publicUrl: string
  clockMs: number
  settings: Settings
  /** The second of the clock at which everything due was last done. */
  settledTo: number
}

/** Writes wait in memory until somebody lists or the transaction ends: a request is a handful of statements. */
export class StoreTx implements Tx {
  now: number
  readonly publicUrl: string
  readonly clockMs: number
  readonly settings: Settings
  readonly settledTo: number
  hasEvents = false
  readonly #client: pg.PoolClient
  readonly #origin: Origin
  /** What was read or written here, as text, so that nobody shares an object with the store. */
  readonly #known = new Map<string, string | undefined>()
  readonly #unwritten = new Map<string, { kind: Kind; id: string }>()
  readonly #deliveries: PlannedDelivery[] = []

  constructor(client: pg.PoolClient, opening: Opening) {
    this.#client = client
    this.#origin = opening.origin
    this.publicUrl = opening.publicUrl
    this.clockMs = opening.clockMs
    this.now = Math.floor(opening.clockMs / 1000)
    this.settings = opening.settings
    this.settledTo = opening.settledTo
  }

  query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<pg.QueryResult<Row>> {
    return this.#client.query<Row>(sql, values)
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined> {
    const key = keyOf(kind, id)
    if (!this.#known.has(key)) {
      const { rows } = await this.query<{ body: string }>(
        'select body::text from stripe_simulator.objects where kind = $1 and id = $2',
        [kind, id],
      )
      this.#known.set(key, rows[0]?.body)
    }
    const body = this.#known.get(key)
    return body === undefined ? undefined : (JSON.parse(body) as Kinds[K])
  }

  put<K extends Kind>(kind: K, object: Kinds[K]): Promise<void> {
    this.#write(kind, object.id, object)
    return Promise.resolve()
  }

  async remove(kind: Kind, id: string): Promise<void> {
    const key = keyOf(kind, id)
    this.#unwritten.delete(key)
    this.#known.set(key, undefined)
    await this.query('delete from stripe_simulator.objects where kind = $1 and id = $2', [kind, id])
  }

  async list<K extends Kind>(kind: K, where: Record<string, Scalar> = {}): Promise<Kinds[K][]> {
    await this.flush()
    const { rows } = await this.query<{ body: string }>(
      `select   body::text
       from     stripe_simulator.objects
       where    kind = $1
       and      fields @> $2
       order by seq desc`,
      [kind, JSON.stringify(where)],
    )
    return rows.map((row) => JSON.parse(row.body) as Kinds[K])
  }

  async page<K extends Kind>(kind: K, page: Page): Promise<{ data: Kinds[K][]; hasMore: boolean }> {
    await this.flush()
    const values: unknown[] = [kind]
    const conditions = ['kind = $1']
    const value = (what: unknown): string => `$${values.push(what)}`
    for (const [field, wanted] of Object.entries(page.where)) {
      if (Array.isArray(wanted)) conditions.push(`fields ->> ${value(field)} = any(${value(wanted)})`)
      else conditions.push(`fields @> ${value(JSON.stringify({ [field]: wanted }))}`)
    }
    const bounds = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
    for (const name of ['gt', 'gte', 'lt', 'lte'] as const) {
      const bound = page.created?.[name]
      if (bound !== undefined) conditions.push(`created ${bounds[name]} ${value(bound)}`)
    }
    if (page.startingAfter !== undefined) {
      conditions.push(`seq < ${value(await this.#seqOf(kind, page.startingAfter, 'starting_after'))}`)
    }
    if (page.endingBefore !== undefined) {
      conditions.push(`seq > ${value(await this.#seqOf(kind, page.endingBefore, 'ending_before'))}`)
    }
    const backwards = page.endingBefore !== undefined
    const { rows } = await this.query<{ body: string }>(
      `select   body::text
       from     stripe_simulator.objects
       where    ${conditions.join(' and ')}
       order by seq ${backwards ? 'asc' : 'desc'}
       limit    ${value(page.limit + 1)}`,
      values,
    )
    const data = rows.slice(0, page.limit).map((row) => JSON.parse(row.body) as Kinds[K])
    return { data: backwards ? data.toReversed() : data, hasMore: rows.length > page.limit }
  }

  id(prefix: string): string {
    const length = prefix.startsWith('cs_') ? 58 : 24
    return `${prefix.endsWith('_') ? prefix : `${prefix}_`}${randomText(length)}`
  }

  emit(
    type: Stripe.Event['type'],
    object: { id: string; object: string },
    previous?: Record<string, unknown>,
  ): Promise<void> {
    const id = this.id('evt_')
    const event = {
      id,
      object: 'event',
      api_version: apiVersion,
      created: this.now,
      data: { object: visible(object), ...(previous === undefined ? {} : { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: this.#origin.requestId, idempotency_key: this.#origin.idempotencyKey },
      type,
    }
    this.#write('event', id, event)
    this.#deliveries.push(...planDeliveries(id, this.settings.webhooks, this.now * 1000))
    this.hasEvents = true
    return Promise.resolve()
  }

  /** Sends what waits in memory. */
  async flush(): Promise<void> {
    await this.#flushObjects()
    if (this.#deliveries.length === 0) return
    const planned = JSON.stringify(this.#deliveries.splice(0))
    await this.query(
      `insert into stripe_simulator.deliveries (event, state, due_at, due_by_clock)
       select   planned ->> 'event', planned ->> 'state', (planned ->> 'dueAt')::bigint, (planned ->> 'dueByClock')::bigint
       from     json_array_elements($1::json) with ordinality as plan (planned, place)
       order by place`,
      [planned],
    )
  }

  async #flushObjects(): Promise<void> {
    if (this.#unwritten.size === 0) return
    const rows = [...this.#unwritten].map(([key, { kind, id }]) => {
      const body = this.#known.get(key) ?? ''
      const object = JSON.parse(body) as { created?: number }
      return { kind, id, body, created: object.created ?? this.now, fields: JSON.stringify(plainFields(object)) }
    })
    this.#unwritten.clear()
    await this.query(
      `insert into stripe_simulator.objects (kind, id, created, fields, body)
       select * from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[], $5::json[])
       on conflict (kind, id) do update set fields = excluded.fields, body = excluded.body`,
      [
        rows.map((row) => row.kind),
        rows.map((row) => row.id),
        rows.map((row) => row.created),
        rows.map((row) => row.fields),
        rows.map((row) => row.body),
      ],
    )
  }

  #write(kind: Kind, id: string, object: object): void {
    const key = keyOf(kind, id)
    this.#known.set(key, JSON.stringify(object))
    this.#unwritten.set(key, { kind, id })
  }

  async #seqOf(kind: Kind, id: string, param: string): Promise<string> {
    const { rows } = await this.query<{ seq: string }>(
      'select seq from stripe_simulator.objects where kind = $1 and id = $2',
      [kind, id],
    )
    if (!rows[0]) throw badParameter(param, `No such ${kind}: '${id}'`, 'resource_missing')
    return rows[0].seq
  }
}

const keyOf = (kind: Kind, id: string): string => `${kind} ${id}`

function plainFields(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value === null || typeof value !== 'object'))
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')
}
