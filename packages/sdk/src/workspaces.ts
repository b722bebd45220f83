/** Workspaces: the tenants that share one pool of balances. */
import type { WorkspaceWire } from '@headroom/core'
import type { Connection } from './connection.ts'
import { path } from './path.ts'
import type { CallOptions, NewWorkspace, PlanChange } from './requests.ts'

export class Workspaces {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Asked again with the same id and content it answers the same workspace; with other content it throws Mismatch. */
  create(request: NewWorkspace, options?: CallOptions): Promise<WorkspaceWire> {
    const key = request.id === undefined ? { idempotencyKey: crypto.randomUUID() } : {}
    return this.#connection.ask({ ...key, ...options, method: 'POST', path: '/v1/workspaces', body: request })
  }

  get(workspace: string, options?: CallOptions): Promise<WorkspaceWire> {
    return this.#connection.ask({ ...options, method: 'GET', path: path`/v1/workspaces/${workspace}` })
  }

  /** For workspaces without a subscription: at once, or at the end of the period. */
  setPlan(workspace: string, request: PlanChange, options?: CallOptions): Promise<WorkspaceWire> {
    const at = path`/v1/workspaces/${workspace}/plan`
    return this.#connection.ask({ ...options, method: 'PUT', path: at, body: request })
  }
}
