/**
 * How often something may be tried within a while: wrong passwords, sign-ups, mails to one address. Counted by what is tried for, such
 * as an email; there is no address of the caller here that could be trusted instead.
 */
import { createHash } from 'node:crypto'
import type { Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'

export interface Limit {
  name: string
  /** So many within the window; the next one has to wait until it has passed. */
  most: number
  windowSeconds: number
}

/** A limit that is told to whoever runs into it. */
export interface Door extends Limit {
  /** Says what was tried too often. */
  refusal: string
}

/** Refuses with 429 when this has been tried too often; counts nothing. */
export async function refuseTooMany(database: Queryable, door: Door, what: string): Promise<void> {
  const { rows } = await database.query<{ seconds: number }>(
    `select ceil(extract(epoch from window_start + make_interval(secs => $4) - now()))::integer as seconds
       from ken.attempts
      where door = $1 and name = $2 and attempts >= $3 and window_start > now() - make_interval(secs => $4)`,
    [door.name, nameOf(what), door.most, door.windowSeconds],
  )
  if (rows[0]) throw tooMany(door, rows[0].seconds)
}

/** Counts a try, and refuses it with 429 when it is one too many. */
export async function countAttempt(database: Queryable, door: Door, what: string): Promise<void> {
  const { attempts, seconds } = await count(database, door, what)
  if (attempts > door.most) throw tooMany(door, seconds)
}

/** Counts a try, and answers whether it is within the limit: for those that may not tell. */
export async function isWithin(database: Queryable, limit: Limit, what: string): Promise<boolean> {
  return (await count(database, limit, what)).attempts <= limit.most
}

async function count(database: Queryable, { name, windowSeconds }: Limit, what: string) {
  const { rows } = await database.query<{ attempts: number; seconds: number }>(
    `insert into ken.attempts as a (door, name, attempts, window_start) values ($1, $2, 1, now())
     on conflict (door, name) do update
        set attempts = case when a.window_start <= now() - make_interval(secs => $3) then 1 else a.attempts + 1 end,
            window_start = case when a.window_start <= now() - make_interval(secs => $3) then now() else a.window_start end
     returning attempts, ceil(extract(epoch from window_start + make_interval(secs => $3) - now()))::integer as seconds`,
    [name, nameOf(what), windowSeconds],
  )
  return rows[0]!
}

/** It went well: what was tried before is forgotten. */
export async function forgetAttempts(database: Queryable, door: Door, what: string): Promise<void> {
  await database.query('delete from ken.attempts where door = $1 and name = $2', [door.name, nameOf(what)])
}

/** Forgets what is older than any window. */
export async function sweepAttempts(database: Queryable): Promise<void> {
  await database.query(`delete from ken.attempts where window_start < now() - interval '1 day'`)
}

const nameOf = (what: string) => createHash('sha256').update(what.trim().toLowerCase()).digest('base64url')

const tooMany = ({ refusal }: Door, seconds: number) =>
  new Problem('rate_limited', refusal, { headers: { 'Retry-After': String(Math.max(1, seconds)) } })
