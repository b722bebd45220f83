/** The payment provider's events: kept before they are answered, worked off afterwards, each at least once and none forgotten. */
import { instantText, type Instant } from '@headroom/core'
import type pg from 'pg'

export interface InboxEvent {
  id: string
  type: string
  createdAt: Instant
  body: string
  attempts: number
}

/** How long a worker has an event to itself; one that was killed gives it back by then (≤ 30 s, reliability C7). */
const workSeconds = 20

export class Inbox {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /**
   * `content` tells a repeat from another event under the same id; null: found in the provider's list, which may word it otherwise.
   * `done`: there is nothing to do about it. Resolves once it is durable.
   */
  async put(event: {
    id: string
    type: string
    createdAt: Instant
    content: string | null
    body: string
    done: boolean
  }): Promise<'new' | 'known' | 'differs'> {
    const { id, type, createdAt, content, body, done } = event
    const made = await this.#pool.query(
      `insert into inbox (event_id, type, created_at, content, body, received_at, state, attempts, due_at)
       values ($1, $2, $3, $4, $5, statement_timestamp(), $6, 0, statement_timestamp())
       on conflict (event_id) do nothing returning 1`,
      [id, type, instantText(createdAt), content, body, done ? 1 : 0],
    )
    if (made.rows.length > 0) return 'new'
    if (content === null) return 'known'
    const { rows } = await this.#pool.query<{ content: string }>(
      'update inbox set content = coalesce(content, $2) where event_id = $1 returning content',
      [id, content],
    )
    return rows[0]!.content === content ? 'known' : 'differs'
  }

  /** Takes some that are due, oldest first; they are due again by themselves unless they are ended. */
  async take(limit: number): Promise<InboxEvent[]> {
    const { rows } = await this.#pool.query<InboxEvent>(
      `update inbox i set attempts = i.attempts + 1, due_at = statement_timestamp() + make_interval(secs => $2)
         from (select event_id, due_at from inbox where state = 0 and due_at <= statement_timestamp() order by due_at limit $1) due
        where i.event_id = due.event_id and i.due_at = due.due_at and i.state = 0
       returning i.event_id as id, i.type, i.created_at as "createdAt", i.body, i.attempts`,
      [limit, workSeconds],
    )
    return rows.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  }

  async done(id: string): Promise<void> {
    await this.#pool.query(`update inbox set state = 1, note = null where event_id = $1`, [id])
  }

  async retry(id: string, afterMs: number, note: string): Promise<void> {
    await this.#pool.query(
      `update inbox set due_at = statement_timestamp() + make_interval(secs => $2), note = $3 where event_id = $1 and state = 0`,
      [id, afterMs / 1000, note],
    )
  }

  /** Nothing more is tried by itself; the note says why. */
  async park(id: string, note: string): Promise<void> {
    await this.#pool.query(`update inbox set state = 2, note = $2 where event_id = $1`, [id, note])
  }

  /** How far the provider's own list has been read whole; null before the first time. */
  async listedTo(): Promise<Instant | null> {
    const { rows } = await this.#pool.query<{ to: Instant }>('select listed_to as to from listings where id = 1')
    return rows[0]?.to ?? null
  }

  /** The list has been read whole up to here. Another process may have read further: that stands. */
  async listed(to: Instant): Promise<void> {
    await this.#pool.query(
      `insert into listings (id, listed_to) values (1, $1)
       on conflict (id) do update set listed_to = excluded.listed_to where listings.listed_to < excluded.listed_to`,
      [instantText(to)],
    )
  }

  /** What is not done yet; `oldestSeconds`: how long the one that waits longest has been here. */
  async counts(): Promise<{ waiting: number; parked: number; oldestSeconds: number }> {
    const { rows } = await this.#pool.query<{ waiting: number; parked: number; oldestSeconds: number }>(
      `select count(*) filter (where state = 0) as waiting, count(*) filter (where state = 2) as parked,
              coalesce(extract(epoch from statement_timestamp() - min(received_at) filter (where state = 0)), 0)::float8 as "oldestSeconds"
         from inbox where state <> 1`,
    )
    return rows[0]!
  }

  /** What was done longer ago than this is deleted, in small bites; how many were. */
  async tidy(olderThanDays: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `delete from inbox where event_id in (
         select event_id from inbox where state = 1 and created_at < statement_timestamp() - make_interval(days => $1)
          and received_at < statement_timestamp() - make_interval(days => $1) limit 1000)`,
      [olderThanDays],
    )
    return rowCount ?? 0
  }
}
