/** What is added to a period beside the plan's allowance, and what a refund takes back of it (decisions §7). */
import { grantKey, type GrantRow } from './books.ts'
import { partOfLimit, type Draft } from './draft.ts'
import type { Answer, Grant, Refund } from './operations.ts'
import { refusal } from './problem.ts'
import { invalid } from './refusals.ts'
import { lineFaults } from './verdict.ts'
import { balancesWire, grantWire } from './view.ts'
import { maxFigure, type Line, type MeterId } from './words.ts'

/** One grant per source and meter, for ever; a repeat answers with the grant as it stands. It lapses with the running period. */
export function grant(draft: Draft, operation: Grant): Answer {
  const { source, lines, requestId } = operation
  const keyOf = ({ meter }: Line) => grantKey(source.type, source.id, meter)
  const existing = lines.map((line) => draft.grants.get(keyOf(line))).find((row) => row !== undefined)
  if (existing) return { status: 200, body: grantWire(existing, draft.periodEnd(existing.periodStart)) }
  const faults = lineFaults(draft, lines)
  for (const [index, { meter, quantity }] of lines.entries()) {
    if ((draft.balance(meter).limit ?? 0) + quantity > maxFigure) {
      faults.push({
        path: `lines.${index}.quantity`,
        message: 'would raise the limit beyond what can be counted exactly',
      })
    }
  }
  if (faults.length > 0) return invalid(requestId, faults)
  const rows = lines.map(({ meter, quantity }): GrantRow => ({
    workspace: operation.workspace,
    sourceType: source.type,
    sourceId: source.id,
    meter,
    periodStart: draft.workspace!.periodStart,
    quantity,
    takenBack: 0,
    spentBefore: 0,
    grantedAt: draft.t,
    reason: operation.reason,
  }))
  for (const row of rows) {
    draft.putGrant(row)
    draft.book('grant', row.meter, row.quantity, source, operation.actor)
  }
  return { status: 201, body: grantWire(rows[0]!, draft.workspace!.periodEnd) }
}

/**
 * Takes back of a grant, used or not, until the totals named are taken back; the excess is overage (decisions §7).
 * A grant whose period is over keeps its books: only the total is noted.
 */
export function refund(draft: Draft, operation: Refund): Answer {
  const { source, lines, requestId } = operation
  const grantOf = (meter: MeterId) => draft.grants.get(grantKey(source.type, source.id, meter))
  if (lines.some(({ meter }) => grantOf(meter) === undefined)) {
    return refusal('not_found', 'There is no such grant in this workspace.', requestId)
  }
  for (const { meter, quantity } of lines) {
    const row = grantOf(meter)!
    const total = Math.min(quantity, row.quantity ?? 0)
    const more = Math.min(total - row.takenBack, partOfLimit(row))
    if (more <= 0) continue
    draft.putGrant({ ...row, takenBack: row.takenBack + more })
    if (row.periodStart === draft.workspace!.periodStart) draft.book('refund', meter, more, source, operation.actor)
  }
  return {
    status: 200,
    body: balancesWire(
      draft,
      lines.map(({ meter }) => meter),
    ),
  }
}
