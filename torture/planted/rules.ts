/** Mistakes in the rules themselves. */
import { plant, type Plant } from './plant.ts'

const core = (file: string) => `packages/core/src/${file}.ts`

export const plantedInRules: Plant[] = [
  plant(
    'the limit is dropped in the guard',
    'I1: gated work passes the limit',
    core('verdict'),
    'const short = judged.filter((line) => line.available !== null && line.requested > line.available)',
    'const short = judged.filter((line) => line.available !== null && line.requested > 1e12)',
  ),
  plant(
    'what is reserved is forgotten where room is looked for',
    'I1: the same room is given away twice',
    core('verdict'),
    'limit === null ? null : Math.max(0, limit - used - reserved)',
    'limit === null ? null : Math.max(0, limit - used)',
  ),
  plant(
    '< for <= at the expiry',
    'I6: what expires this instant is still taken for held',
    core('renewal'),
    'due[next]!.expiresAt <= until',
    'due[next]!.expiresAt < until',
  ),
  plant(
    '>= for > at the end of the period',
    'I8: work at the boundary is booked in the period that has ended',
    core('renewal'),
    'if (workspace.periodEnd > t ||',
    'if (workspace.periodEnd >= t ||',
  ),
  plant(
    'a month is added to the last boundary',
    'I8: from the 31st to the 28th for ever',
    core('renewal'),
    'const period = periodAt(anchor, draft.again',
    'const period = periodAt(workspace.periodEnd, draft.again',
  ),
  plant(
    'a day that the month does not have is not clamped',
    'I8: 31 January is followed by 2 March',
    core('periods'),
    'const clamped = Math.min(date.getUTCDate(), daysIn(year, month))',
    'const clamped = date.getUTCDate()',
  ),
  plant(
    'the allowance is granted twice in a period',
    'I8: a reset brings more than the plan has',
    core('renewal'),
    "if (allowance !== 0) draft.book('grant', meter.id, allowance, { type: 'plan', id: plan }, actor, { at })",
    "for (const _ of [1, 2]) if (allowance !== 0) draft.book('grant', meter.id, allowance, { type: 'plan', id: plan }, actor, { at })",
  ),
  plant(
    'the record of a key is left out',
    'I9: a repeat acts again',
    core('decide'),
    'draft.answers.put(key, { workspace, key, request, status: answer.status, body: text, at: draft.t })',
    'void workspace',
  ),
  plant(
    'a key sent with another body is taken for a repeat',
    'I9: what was asked is not what is answered',
    core('decide'),
    'if (first.request === request) return',
    'if (first.request.length > 0) return',
  ),
  plant(
    'a release returns what its parts have used',
    'I5: more comes back than was held',
    core('reservations'),
    'row.lines.map(({ meter, reserved, used }) => ({ meter, quantity: Math.max(0, reserved - used) }))',
    'row.lines.map(({ meter, reserved }) => ({ meter, quantity: reserved }))',
  ),
  plant(
    'a commit may use more than is held',
    'I1: the excess passes the limit unseen',
    core('reservations'),
    'if (!line || (quantity > rest && !mayOverrun)) {',
    'if (!line) {',
  ),
  plant(
    'a hold is settled in the running period',
    'I6: it leaves another period than its own',
    core('reservations'),
    'draft.book(kind, meter, quantity, source, actor, { periodStart: row.periodStart })',
    'draft.book(kind, meter, quantity, source, actor)',
  ),
  plant(
    'a partial reservation takes all that was asked for',
    'I1: gated work passes the limit',
    core('reservations'),
    'const reserved = partial && left !== null ? Math.min(left, line.quantity) : line.quantity',
    'const reserved = line.quantity',
  ),
  plant(
    'extending may shorten',
    'I6: a hold ends before the instant that was answered',
    core('reservations'),
    'const expiresAt = Math.max(row.expiresAt, draft.t + operation.ttlSeconds * 1000)',
    'const expiresAt = draft.t + operation.ttlSeconds * 1000',
  ),
  plant(
    'a late commit is taken at any time',
    'I6: what has returned long ago is used',
    core('reservations'),
    'if (draft.t >= row.expiresAt + Math.min(...graces) * 1000) return false',
    'void graces',
  ),
  {
    name: 'a refusal leaves a reservation behind',
    breaks: 'I12: what was refused has changed something',
    replacements: [
      {
        file: core('reservations'),
        before: '  if (!fits) return refused(draft, verdict, requestId)\n',
        after: '',
      },
      {
        file: core('reservations'),
        before: '  const held = granted.map(',
        after:
          '  if (!fits) {\n    draft.putReservation(row)\n    return refused(draft, verdict, requestId)\n  }\n  const held = granted.map(',
      },
    ],
  },
  plant(
    'nobody is woken when a hold expires',
    'I6: it is held long after its expiry',
    core('reservations'),
    '  draft.wake(row.expiresAt)\n',
    '',
  ),
  plant(
    'a refund is taken back again with each look',
    'I7: more is taken back than was paid back',
    core('grants'),
    'const more = Math.min(total - row.takenBack, partOfLimit(row))',
    'const more = Math.min(total, partOfLimit(row))',
  ),
  plant(
    'a grant that is there is booked again',
    'I7: webhook and return page both bring it',
    core('grants'),
    'if (existing) return {',
    "if (existing) for (const { meter, quantity } of lines) draft.book('grant', meter, quantity, source, operation.actor)\n  if (existing) return {",
  ),
  plant(
    'a part paid back takes one too many',
    'I7: the share is rounded up',
    core('purchases'),
    'return Number((BigInt(quantity) * BigInt(refundedCents)) / BigInt(paidCents))',
    'return Number((BigInt(quantity) * BigInt(refundedCents)) / BigInt(paidCents)) + 1',
  ),
]
