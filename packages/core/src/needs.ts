/** Which rows an operation names: what has to be loaded besides its workspace, before it can be decided. */
import type { Operation } from './operations.ts'
import type { MeterId } from './words.ts'

export interface Needs {
  reservation?: string | undefined
  /** The grants of this source to these meters, whatever their period. */
  grantSource?: { type: 'purchase' | 'operator'; id: string; meters: MeterId[] } | undefined
  /** All grants of the running period. */
  periodGrants?: boolean | undefined
}

export function needs(operation: Operation): Needs {
  switch (operation.op) {
    case 'reserve':
    case 'commit':
    case 'release':
    case 'extend':
      return { reservation: operation.id }
    case 'grant':
    case 'refund':
      return { grantSource: { ...operation.source, meters: operation.lines.map(({ meter }) => meter) } }
    case 'set-plan':
    case 'sync-subscription':
      return { periodGrants: true }
    case 'create-workspace':
    case 'use':
    case 'settle':
      return {}
  }
}
