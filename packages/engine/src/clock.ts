import { boundary, instantText, type Instant } from '@headroom/core'
import type pg from 'pg'

/** 9999-12-31: what an RFC 3339 year can say. */
const latest = Date.UTC(9999, 11, 31)

/** Where "now" comes from: the database's clock, or the instant at which the test clock stands, shared by all processes. */
export class Clock {
  readonly #pool: pg.Pool
  readonly #sql: string
  readonly #test: boolean

  constructor(pool: pg.Pool, sql: string, test: boolean) {
    this.#pool = pool
    this.#sql = sql
    this.#test = test
  }

  /** For what is not a rule of the books (key expiry, lists); the rules read the clock under their lock. */
  async now(): Promise<Instant> {
    if (!this.#test) return Date.now()
    const { rows } = await this.#pool.query<{ now: Instant }>(`select ${this.#sql} as now`)
    return rows[0]!.now
  }

  /** The first setting may name any instant; after it the clock never goes back. It stands still between settings. */
  async set(change: { now: Instant } | { advance: string }): Promise<Instant | 'backwards' | 'bad_duration'> {
    const from = await this.now()
    const target = 'now' in change ? change.now : advanced(from, change.advance)
    if (target === undefined || target > latest) return 'bad_duration'
    const { rows } = await this.#pool.query<{ now: Instant }>(
      `insert into test_clock (id, now) values (1, $1)
       on conflict (id) do update set now = excluded.now where test_clock.now <= excluded.now
       returning now`,
      [instantText(target)],
    )
    return rows[0]?.now ?? 'backwards'
  }
}

/** An ISO 8601 duration added in UTC; months and years clamp to the month's end. */
function advanced(from: Instant, duration: string): Instant | undefined {
  const match =
    /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.(\d{1,3}))?S)?)?$/.exec(
      duration,
    )
  if (!match || !/\d/.test(duration) || duration.endsWith('T')) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1, 8).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const milliseconds = Number((match[8] ?? '0').padEnd(3, '0'))
  const moved = boundary(from, years * 12 + months)
  return moved + ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
}
