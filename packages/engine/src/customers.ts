/** Who pays for a workspace, as the payment provider names them; and who may read the provider about it now. */
import type { WorkspaceId } from '@headroom/core'
import type pg from 'pg'
import { uuidV7 } from './uuid-v7.ts'

/** A reader that has not finished after so long is taken for dead; its late result is refused by its number. */
const readingSeconds = 30

export interface Customer {
  workspace: WorkspaceId
  /** Under this key the customer is made at the provider, so that two who try at once make one. */
  key: string
  /** Null until it was made. */
  customer: string | null
}

export class Customers {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** The workspace's, with a key to make it under where there is none yet. */
  async ensure(workspace: WorkspaceId): Promise<Customer> {
    await this.#pool.query(
      `insert into customers (workspace_id, key, reading, created_at) values ($1, $2, 0, statement_timestamp()) on conflict do nothing`,
      [workspace, newKey()],
    )
    return (await this.get(workspace))!
  }

  async get(workspace: WorkspaceId): Promise<Customer | undefined> {
    const { rows } = await this.#pool.query<Customer>(
      'select workspace_id as workspace, key, customer from customers where workspace_id = $1',
      [workspace],
    )
    return rows[0]
  }

  /** Remembers who was made; the first one stays. */
  async name(workspace: WorkspaceId, customer: string): Promise<void> {
    await this.#pool.query('update customers set customer = $2 where workspace_id = $1 and customer is null', [
      workspace,
      customer,
    ])
  }

  /** Another key to make the customer under, where nobody was made and the key still is the one named. */
  async renew(workspace: WorkspaceId, key: string): Promise<void> {
    await this.#pool.query('update customers set key = $3 where workspace_id = $1 and customer is null and key = $2', [
      workspace,
      key,
      newKey(),
    ])
  }

  /** The provider does not know them any more: the next one is made under another key. Nothing where it is not that one now. */
  async forget(workspace: WorkspaceId, customer: string): Promise<void> {
    await this.#pool.query('update customers set customer = null, key = $3 where workspace_id = $1 and customer = $2', [
      workspace,
      customer,
      newKey(),
    ])
  }

  async workspaceOf(customer: string): Promise<WorkspaceId | undefined> {
    const { rows } = await this.#pool.query<{ workspace: WorkspaceId }>(
      'select workspace_id as workspace from customers where customer = $1 limit 1',
      [customer],
    )
    return rows[0]?.workspace
  }

  /** All that have one, in the order of their workspaces, after the one named. */
  async page(after: WorkspaceId, limit: number): Promise<Customer[]> {
    const { rows } = await this.#pool.query<Customer>(
      `select workspace_id as workspace, key, customer from customers
        where workspace_id > $1 and customer is not null order by workspace_id limit $2`,
      [after, limit],
    )
    return rows
  }

  /** The right to read the provider about a workspace, and the reading's number; undefined while somebody else has it. */
  async beginReading(workspace: WorkspaceId): Promise<number | undefined> {
    const { rows } = await this.#pool.query<{ reading: number }>(
      `update customers set reading = reading + 1, read_until = statement_timestamp() + make_interval(secs => $2)
        where workspace_id = $1 and (read_until is null or read_until <= statement_timestamp())
       returning reading`,
      [workspace, readingSeconds],
    )
    return rows[0]?.reading
  }

  async endReading(workspace: WorkspaceId, reading: number): Promise<void> {
    await this.#pool.query('update customers set read_until = null where workspace_id = $1 and reading = $2', [
      workspace,
      reading,
    ])
  }
}

const newKey = (): string => `customer_${uuidV7()}`
