/** The refusals several verbs share, in words. */
import { meterOf } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Answer } from './operations.ts'
import { refusal } from './problem.ts'
import type { VerdictWire } from './wire.ts'

export const unknownWorkspace = (requestId: string): Answer =>
  refusal('not_found', 'There is no such workspace.', requestId)

export const invalid = (requestId: string, errors: { path: string; message: string }[]): Answer =>
  refusal('invalid_request', errors.map(({ path, message }) => `${path} ${message}`).join('; ') + '.', requestId, {
    errors,
  })

export const unknownReservation = (requestId: string): Answer =>
  refusal('not_found', 'There is no such reservation in this workspace.', requestId)

/** A gated operation that does not fit: the verdict's fields beside the problem, so that the user is told what to do. */
export function refused(draft: Draft, verdict: VerdictWire, requestId: string): Answer {
  const why = {
    ok: '',
    limit_reached: shortage(draft, verdict),
    meter_not_in_plan: 'This is not part of the plan.',
    payment_overdue: 'The last payment is overdue. Nothing new starts until it is paid; what is running goes on.',
    workspace_suspended: 'The subscription is suspended or paused. Nothing new starts until it goes on.',
  }[verdict.reason]
  return refusal('insufficient_credits', why, requestId, { ...verdict })
}

function shortage(draft: Draft, { lines }: VerdictWire): string {
  const short = lines.filter((line) => line.available !== null && line.requested > line.available)
  return short
    .map(({ meter, available: left, requested }) => {
      const { unit, units } = meterOf(draft.catalog, meter)!
      return `${left} ${left === 1 ? unit : units} left, ${requested} asked for.`
    })
    .join(' ')
}
