import type { SimulatorClock } from './simulator.ts'
import type { Store } from './store.ts'

export interface ControlContext {
  store: Store
  clock: SimulatorClock
  settle: () => Promise<void>
}

export interface ControlRoute {
  method: 'GET' | 'POST'
  path: string
  handle(context: ControlContext, call: { ids: Record<string, string>; body: Record<string, unknown> }): Promise<object>
}

/** A control call that cannot be done, and why. */
export class Badly extends Error {
  readonly status: 400 | 404

  constructor(status: 400 | 404, message: string) {
    super(message)
    this.status = status
  }
}
