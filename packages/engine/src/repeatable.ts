import type { Operation } from '@headroom/core'

/** Harmless twice: named by its caller or stored under a key. The rest would count double. */
export function isRepeatable(operation: Operation): boolean {
  if (operation.key !== null) return true
  if (operation.op === 'use') return false
  if (operation.op === 'commit') return operation.final
  return !(operation.op === 'grant' && operation.source.type === 'operator')
}
