/** Purchases: from the click to the grant. The grant itself goes through the lanes; these rows say where each attempt stands. */
import { instantText, type PurchaseState, type WorkspaceId } from '@headroom/core'
import type pg from 'pg'
import { purchaseColumns, purchaseRow, type PurchaseChange, type PurchaseRow } from './purchase-row.ts'

const changing: Record<keyof PurchaseChange, string> = {
  state: 'state',
  session: 'session',
  url: 'url',
  expiresAt: 'expires_at',
  paymentIntent: 'payment_intent',
  charge: 'charge',
  receiptNumber: 'receipt_number',
  receiptUrl: 'receipt_url',
  refunded: 'refunded',
  paidAt: 'paid_at',
  note: 'note',
}

export class Purchases {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Stores a new one; where its key is known already, the purchase that has it instead. */
  async create(row: PurchaseRow): Promise<{ purchase: PurchaseRow; isNew: boolean }> {
    const values = [
      row.workspace,
      row.id,
      instantText(row.createdAt),
      row.addOn,
      row.blocks,
      row.plan,
      row.contacts,
      row.interval,
      JSON.stringify(row.brings.map(({ meter, quantity }) => [meter, quantity])),
      row.total,
      row.currency,
      row.state,
      row.key,
      row.request,
      row.actor,
      row.refunded,
    ]
    const made = await this.#query(
      `insert into purchases (workspace_id, id, created_at, add_on, blocks, plan, contacts, "interval", brings, total, currency, state, key, request, actor, refunded, looked_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15, $16, statement_timestamp())
       on conflict (workspace_id, key) where key is not null do nothing
       returning ${purchaseColumns}`,
      values,
    )
    if (made[0]) return { purchase: made[0], isNew: true }
    return { purchase: (await this.byKey(row.workspace, row.key!))!, isNew: false }
  }

  /** By its id, or by its Checkout Session's. */
  async get(workspace: WorkspaceId, id: string): Promise<PurchaseRow | undefined> {
    const rows = await this.#query(
      `select ${purchaseColumns} from purchases where workspace_id = $1 and (id = $2 or session = $2)`,
      [workspace, id],
    )
    return rows[0]
  }

  async byKey(workspace: WorkspaceId, key: string): Promise<PurchaseRow | undefined> {
    const rows = await this.#query(`select ${purchaseColumns} from purchases where workspace_id = $1 and key = $2`, [
      workspace,
      key,
    ])
    return rows[0]
  }

  /** Plans somebody has begun to buy and may still pay: two of a workspace must not both be paid. */
  pendingPlans(workspace: WorkspaceId): Promise<PurchaseRow[]> {
    return this.#query(
      `select ${purchaseColumns} from purchases
        where workspace_id = $1 and state = 'pending' and plan is not null and session is not null order by id`,
      [workspace],
    )
  }

  /** Pending ones of all workspaces in the order of workspace and id, after the one named. */
  pending(after: { workspace: WorkspaceId; id: string }, limit: number): Promise<PurchaseRow[]> {
    return this.#query(
      `select ${purchaseColumns} from purchases
        where state = 'pending' and (workspace_id, id) > ($1, $2) order by workspace_id, id limit $3`,
      [after.workspace, after.id, limit],
    )
  }

  /** Newest first; `before` is the id of the last one of the page before. */
  list(workspace: WorkspaceId, before: string | null, limit: number): Promise<PurchaseRow[]> {
    return this.#query(
      `select ${purchaseColumns} from purchases where workspace_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
      [workspace, before, limit],
    )
  }

  /** Those of any workspace that a receipt number, payment intent, charge or Checkout Session names. */
  byReceipt(receipt: string): Promise<PurchaseRow[]> {
    return this.#query(
      `select ${purchaseColumns} from purchases
        where receipt_number = $1 or payment_intent = $1 or charge = $1 or session = $1
        order by created_at limit 100`,
      [receipt],
    )
  }

  /** Changes it where it still is in one of the states named; undefined where it is not: somebody else was faster. */
  async change(
    workspace: WorkspaceId,
    id: string,
    from: readonly PurchaseState[],
    change: PurchaseChange,
  ): Promise<PurchaseRow | undefined> {
    const { sets, values } = setting(change, 4)
    const rows = await this.#query(
      `update purchases set ${sets.join(', ')} where workspace_id = $1 and id = $2 and state = any($3::text[]) returning ${purchaseColumns}`,
      [workspace, id, from, ...values],
    )
    return rows[0]
  }

  /**
   * Remembers the checkout it is paid in, while it is pending and has no other; undefined where it is not so. The first one stays: of
   * two that were opened only that one counts.
   */
  async open(
    workspace: WorkspaceId,
    id: string,
    { session, url, expiresAt }: Pick<PurchaseRow, 'session' | 'url' | 'expiresAt'>,
  ): Promise<PurchaseRow | undefined> {
    const { sets, values } = setting({ session, url, expiresAt }, 3)
    const rows = await this.#query(
      `update purchases set ${sets.join(', ')}
        where workspace_id = $1 and id = $2 and state = 'pending' and (session is null or session = $3) returning ${purchaseColumns}`,
      [workspace, id, ...values],
    )
    return rows[0]
  }

  /** Before the provider is asked about it: the row as it stands, and the reading's number. */
  async beginReading(
    workspace: WorkspaceId,
    id: string,
  ): Promise<{ purchase: PurchaseRow; reading: number } | undefined> {
    const { rows } = await this.#pool.query<unknown[]>({
      text: `update purchases set reading = reading + 1, looked_at = statement_timestamp()
              where workspace_id = $1 and id = $2 returning ${purchaseColumns}, reading`,
      values: [workspace, id],
      rowMode: 'array',
    })
    return rows[0] && { purchase: purchaseRow(rows[0]), reading: rows[0][25] as number }
  }

  /** Shows what a reading has found; undefined where a later reading was faster: look again. */
  async applyReading(
    workspace: WorkspaceId,
    id: string,
    reading: number,
    change: PurchaseChange,
  ): Promise<PurchaseRow | undefined> {
    const { sets, values } = setting(change, 4)
    const rows = await this.#query(
      `update purchases set ${['applied = $3', ...sets].join(', ')}
        where workspace_id = $1 and id = $2 and applied < $3 returning ${purchaseColumns}`,
      [workspace, id, reading, ...values],
    )
    return rows[0]
  }

  /**
   * Pending ones nobody has looked at for so long; they count as looked at from now on, so that two processes share the work.
   * One that has been looked at often waits longer: five times after 45 looks, thirty times after 80.
   */
  unlooked(sinceMs: number, limit: number): Promise<PurchaseRow[]> {
    return this.#query(
      `update purchases p set looked_at = statement_timestamp()
         from (select workspace_id, id, looked_at from purchases
                where state = 'pending'
                  and looked_at <= statement_timestamp()
                      - make_interval(secs => $1::float8 * case when reading > 80 then 30 when reading > 45 then 5 else 1 end)
                order by looked_at limit $2) due
        where p.workspace_id = due.workspace_id and p.id = due.id and p.looked_at = due.looked_at and p.state = 'pending'
       returning ${purchaseColumns
         .split(',')
         .map((column) => `p.${column.trim()}`)
         .join(', ')}`,
      [sinceMs / 1000, limit],
    )
  }

  /** How many stand in each state, for /metrics. */
  async counts(): Promise<Partial<Record<PurchaseState, number>>> {
    const { rows } = await this.#pool.query<{ state: PurchaseState; count: number }>(
      `select state, count(*) as count from purchases where state in ('pending', 'parked', 'disputed') group by state`,
    )
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  async #query(text: string, values: unknown[]): Promise<PurchaseRow[]> {
    const { rows } = await this.#pool.query<unknown[]>({ text, values, rowMode: 'array' })
    return rows.map(purchaseRow)
  }
}

/** The fields of a change as assignments, their values counted from the parameter named. */
function setting(change: PurchaseChange, from: number): { sets: string[]; values: unknown[] } {
  const fields = Object.keys(change) as (keyof PurchaseChange)[]
  const values = fields.map((field) => {
    const value = change[field]
    return typeof value === 'number' && field.endsWith('At') ? instantText(value) : value
  })
  // Of two who saw a payment at the same moment the first one says when it was.
  const to = (field: keyof PurchaseChange, value: string) =>
    field === 'paidAt' ? `coalesce(paid_at, ${value})` : value
  return { sets: fields.map((field, index) => `${changing[field]} = ${to(field, `$${index + from}`)}`), values }
}
