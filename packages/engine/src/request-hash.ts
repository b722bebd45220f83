import type { Line } from '@headroom/core'
import { digest } from './ids.ts'
import type { Submission } from './interface.ts'

/** The hash of what the client asked, in canonical form: the order of lines and of metadata's keys does not matter. */
export function requestHash(operation: Submission): string {
  return digest(JSON.stringify(content(operation)))
}

function content(operation: Submission): unknown[] {
  const { op } = operation
  switch (op) {
    case 'reserve': {
      const { partial, ttlSeconds, reference, metadata } = operation
      return [
        op,
        operation.minted ? null : operation.id,
        sorted(operation.lines),
        partial,
        ttlSeconds,
        reference,
        canonical(metadata),
      ]
    }
    case 'commit':
      return [op, operation.id, sorted(operation.lines), operation.final]
    case 'release':
      return [op, operation.id]
    case 'extend':
      return [op, operation.id, operation.ttlSeconds]
    case 'use':
      return [op, sorted(operation.lines), operation.mode, operation.reference]
    case 'grant':
      // An operator's grant has a new id each time; its content is what the operator asked.
      return [
        op,
        operation.source.type === 'operator' ? null : operation.source.id,
        sorted(operation.lines),
        operation.reason,
      ]
    case 'refund':
      return [op, operation.source.type, operation.source.id, sorted(operation.lines)]
    case 'create-workspace':
      return [op, operation.name, operation.plan, operation.contacts, operation.interval, operation.anchor]
    case 'set-plan': {
      const { plan, contacts, interval, when, anchor, status, graceUntil } = operation
      return [op, plan, contacts, interval, when, anchor, status, graceUntil]
    }
    case 'sync-subscription':
      return [op, operation.reading, canonical(operation.subscription)]
    case 'settle':
      return [op]
  }
}

const sorted = (lines: readonly Line[]): unknown[] =>
  lines.map(({ meter, quantity }) => [meter, quantity] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(canonical)]
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return ['fields', ...entries.map(([key, item]) => [key, canonical(item)])]
}
