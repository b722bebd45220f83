/** Counting without a reservation. */
import type { Draft } from './draft.ts'
import type { Answer, Use } from './operations.ts'
import { invalid, refused } from './refusals.ts'
import { judge, lineFaults } from './verdict.ts'
import { balancesWire } from './view.ts'

/** `enforce` is gated; `record` counts what has happened already and never stops (acceptance 131, 148). */
export function use(draft: Draft, operation: Use): Answer {
  const { lines, requestId } = operation
  const faults = lineFaults(draft, lines)
  if (faults.length > 0) return invalid(requestId, faults)
  if (operation.mode === 'enforce') {
    const verdict = judge(draft, lines, operation.viewer)
    if (!verdict.allowed) return refused(draft, verdict, requestId)
  }
  const source = { type: 'use', id: operation.reference ?? operation.id } as const
  for (const { meter, quantity } of lines) draft.book('use', meter, quantity, source, operation.actor)
  return {
    status: 200,
    body: balancesWire(
      draft,
      lines.map(({ meter }) => meter),
    ),
  }
}
