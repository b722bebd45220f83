import type { Params } from './form.ts'
import type { Tx } from './wire.ts'

export interface Call {
  /** What the path's `:names` matched. */
  ids: Record<string, string>
  params: Params
}

/** One operation of Stripe's API. A page or a body of the wire comes back; errors are thrown as StripeFault. */
export interface SimRoute {
  method: 'GET' | 'POST' | 'DELETE'
  /** '/v1/subscriptions/:id' */
  path: string
  /** The top-level parameters it knows; any other is refused as parameter_unknown. `expand` is known everywhere. */
  takes: readonly string[]
  handle(tx: Tx, call: Call): Promise<object>
}

/** A hosted page: text is HTML with status 200. */
export interface PageRoute {
  method: 'GET' | 'POST'
  /** '/pay/:id' */
  path: string
  handle(tx: Tx, call: Call): Promise<Response | string>
}
