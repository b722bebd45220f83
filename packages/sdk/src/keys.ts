/** A backend's secret keys. Only a full key that is bound to no workspace may use these. */
import type { KeyWire, Page } from '@headroom/core'
import type { Connection } from './connection.ts'
import { path } from './path.ts'
import type { CallOptions, NewKey } from './requests.ts'

export class Keys {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The only time the key itself is shown. After a lost answer there may be one nobody has seen: list the keys and end it. */
  create(request: NewKey, options?: CallOptions): Promise<{ id: string; key: string }> {
    const key = { idempotencyKey: crypto.randomUUID() }
    return this.#connection.ask({ ...key, ...options, method: 'POST', path: '/v1/keys', body: request })
  }

  list(options?: CallOptions): Promise<Page<KeyWire>> {
    return this.#connection.ask({ ...options, method: 'GET', path: '/v1/keys' })
  }

  /** Whoever uses it is refused within two seconds. */
  async end(id: string, options?: CallOptions): Promise<void> {
    await this.#connection.ask({ ...options, method: 'DELETE', path: path`/v1/keys/${id}` })
  }
}
