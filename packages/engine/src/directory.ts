/** Who may ask: secret keys and browser tokens. Only hashes are kept. */
import { randomBytes } from 'node:crypto'
import { instantText, type Instant, type KeyWire, type Role } from '@headroom/core'
import type pg from 'pg'
import { sha256 } from './ids.ts'
import { mint } from './uuid-v7.ts'
import type { Principal } from './interface.ts'

/** A key older than this is read again, while it is still taken for good. */
const keyFreshMs = 1_000
/** A key that was revoked elsewhere may be honoured this long (promised: 5 s). */
const keyGoodMs = 2_000
const lastUsedEveryMs = 60_000

interface KnownKey {
  principal: Principal
  expiresAt: Instant | null
  readAt: number
}

export class Directory {
  readonly #pool: pg.Pool
  readonly #now: () => Promise<Instant>
  readonly #keys = new Map<string, KnownKey>()
  readonly #reading = new Map<string, Promise<KnownKey | undefined>>()
  readonly #lastUsed = new Map<string, number>()

  constructor(pool: pg.Pool, now: () => Promise<Instant>) {
    this.#pool = pool
    this.#now = now
  }

  async authenticate(secret: string): Promise<Principal | undefined> {
    if (/^hr_sk_[A-Za-z0-9_-]{16,200}$/.test(secret)) return this.#key(sha256(secret))
    const token = /^hr_bt_([A-Za-z0-9_-]{1,140})\.([A-Za-z0-9_-]{43})$/.exec(secret)
    if (!token) return undefined
    return this.#token(Buffer.from(token[1]!, 'base64url').toString('utf8'), sha256(secret))
  }

  async #key(hash: string): Promise<Principal | undefined> {
    const known = this.#keys.get(hash)
    const age = known ? performance.now() - known.readAt : Infinity
    // One of the many that come with a key in use reads it again, and none waits for that.
    const read = age < keyFreshMs ? undefined : this.#read(hash)
    const key = known && age < keyGoodMs ? known : await read
    return key && this.#ifValid(key)
  }

  /** As it stands in the database; those who ask at the same time share the answer. Undefined: there is no such key. */
  #read(hash: string): Promise<KnownKey | undefined> {
    const under = this.#reading.get(hash)
    if (under) return under
    const reading = this.#stored(hash)
      .then((key) => {
        // One that was deleted here meanwhile stays forgotten.
        if (this.#reading.get(hash) !== reading) return key
        this.#keys.delete(hash)
        if (this.#keys.size >= 10_000) this.#keys.clear()
        if (key) this.#keys.set(hash, key)
        return key
      })
      .finally(() => {
        if (this.#reading.get(hash) === reading) this.#reading.delete(hash)
      })
    // Whoever waits for it hears of its fault; where nobody does, the next one tries again.
    reading.catch(() => {})
    this.#reading.set(hash, reading)
    return reading
  }

  async #stored(hash: string): Promise<KnownKey | undefined> {
    const readAt = performance.now()
    const { rows } = await this.#pool.query<{
      id: string
      scope: 'full' | 'read'
      workspace: string | null
      expires_at: Instant | null
    }>('select id, scope, workspace_id as workspace, expires_at from keys where hash = $1', [hash])
    const row = rows[0]
    if (!row) return undefined
    const { id, scope, workspace } = row
    this.#noteUse(hash)
    const principal: Principal = { id, kind: 'key', scope, workspace, role: 'admin', viewerId: null }
    return { principal, expiresAt: row.expires_at, readAt }
  }

  async #ifValid({ principal, expiresAt }: KnownKey): Promise<Principal | undefined> {
    return expiresAt !== null && expiresAt <= (await this.#now()) ? undefined : principal
  }

  /** Written at most once a minute: a hint for people, not a record. */
  #noteUse(hash: string): void {
    const last = this.#lastUsed.get(hash)
    if (last !== undefined && performance.now() - last < lastUsedEveryMs) return
    this.#lastUsed.set(hash, performance.now())
    this.#pool.query('update keys set last_used_at = now() where hash = $1', [hash]).catch(() => {})
  }

  async #token(workspace: string, hash: string): Promise<Principal | undefined> {
    const { rows } = await this.#pool.query<{ id: string; role: Role; viewer_id: string; expires_at: Instant }>(
      'select id, role, viewer_id, expires_at from tokens where workspace_id = $1 and hash = $2',
      [workspace, hash],
    )
    const row = rows[0]
    if (!row || row.expires_at <= (await this.#now())) return undefined
    return { id: row.id, kind: 'token', scope: 'read', workspace, role: row.role, viewerId: row.viewer_id }
  }

  async createKey(input: {
    name: string
    scope: 'full' | 'read'
    workspace: string | null
    expiresAt: Instant | null
  }) {
    const key = `hr_sk_${randomBytes(32).toString('base64url')}`
    return { id: await this.#insertKey(key, input), key }
  }

  async #insertKey(
    secret: string,
    {
      name,
      scope,
      workspace,
      expiresAt,
    }: { name: string; scope: 'full' | 'read'; workspace: string | null; expiresAt: Instant | null },
  ): Promise<string> {
    const id = mint('key')
    await this.#pool.query(
      `insert into keys (id, hash, name, scope, workspace_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (hash) do nothing`,
      [
        id,
        sha256(secret),
        name,
        scope,
        workspace,
        instantText(await this.#now()),
        expiresAt === null ? null : instantText(expiresAt),
      ],
    )
    return id
  }

  async ensureKey(secret: string, name: string): Promise<void> {
    await this.#insertKey(secret, { name, scope: 'full', workspace: null, expiresAt: null })
  }

  async keys(): Promise<KeyWire[]> {
    const { rows } = await this.#pool.query<{
      id: string
      name: string
      scope: 'full' | 'read'
      workspace: string | null
      created_at: Instant
      expires_at: Instant | null
      last_used_at: Instant | null
    }>(
      'select id, name, scope, workspace_id as workspace, created_at, expires_at, last_used_at from keys order by created_at, id',
    )
    const text = (instant: Instant | null) => (instant === null ? null : instantText(instant))
    return rows.map(({ id, name, scope, workspace, created_at, expires_at, last_used_at }) => ({
      id,
      name,
      scope,
      workspace,
      createdAt: instantText(created_at),
      expiresAt: text(expires_at),
      lastUsedAt: text(last_used_at),
    }))
  }

  async deleteKey(id: string): Promise<boolean> {
    const { rows } = await this.#pool.query<{ hash: string }>('delete from keys where id = $1 returning hash', [id])
    for (const { hash } of rows) {
      this.#keys.delete(hash)
      this.#reading.delete(hash)
    }
    return rows.length > 0
  }

  async createToken({
    workspace,
    role,
    viewerId,
    ttlSeconds,
  }: {
    workspace: string
    role: Role
    viewerId: string
    ttlSeconds: number
  }) {
    const token = `hr_bt_${Buffer.from(workspace).toString('base64url')}.${randomBytes(32).toString('base64url')}`
    const expiresAt = instantText((await this.#now()) + ttlSeconds * 1000)
    const { rows } = await this.#pool.query(
      `insert into tokens (workspace_id, hash, id, role, viewer_id, expires_at)
       select workspace_id, $2, $3, $4, $5, $6 from workspaces where workspace_id = $1
       returning 1`,
      [workspace, sha256(token), mint('tok'), role, viewerId, expiresAt],
    )
    return rows.length > 0 ? { token, expiresAt } : undefined
  }

  async endTokens(workspace: string, viewerId: string): Promise<void> {
    await this.#pool.query('delete from tokens where workspace_id = $1 and viewer_id = $2', [workspace, viewerId])
  }
}
