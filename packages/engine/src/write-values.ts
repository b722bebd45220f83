/** The values of the statements that write, column by column, in the order of their parameters. */
import {
  instantText,
  type BalanceRow,
  type Changes,
  type GrantRow,
  type Instant,
  type ReservationRow,
} from '@headroom/core'
import type { Assumed } from './assumed.ts'
import * as codes from './codes.ts'
import { bigintColumn, booleanColumn, instantColumn, smallintColumn, textColumn } from './column.ts'

/** How a column's values are sent, for rows of one kind. */
type Column<Row> = (rows: readonly Row[]) => Buffer

const text =
  <Row>(of: (row: Row) => string | null): Column<Row> =>
  (rows) =>
    textColumn(rows, of)
const bigint =
  <Row>(of: (row: Row) => number | null): Column<Row> =>
  (rows) =>
    bigintColumn(rows, of)
const instant =
  <Row>(of: (row: Row) => Instant | null): Column<Row> =>
  (rows) =>
    instantColumn(rows, of)
const smallint =
  <Row>(of: (row: Row) => number): Column<Row> =>
  (rows) =>
    smallintColumn(rows, of)
const boolean =
  <Row>(of: (row: Row) => boolean): Column<Row> =>
  (rows) =>
    booleanColumn(rows, of)

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const linesOf = ({ lines }: ReservationRow): string =>
  JSON.stringify(lines.map(({ meter, requested, reserved, used }) => [meter, requested, reserved, used]))

type Changed<Kind extends 'workspaces' | 'entries' | 'answers'> = Changes[Kind][number]
type Subscription = Changes['subscriptions']['created'][number]

const workspaceKey: Column<Changed<'workspaces'>>[] = [text(({ row }) => row.workspace)]
const workspaceVersion: Column<Changed<'workspaces'>>[] = [bigint(({ versionBefore }) => versionBefore)]
const workspaceFigures: Column<Changed<'workspaces'>>[] = [
  bigint(({ row }) => row.seq),
  bigint(({ row }) => row.version),
  instant(({ row }) => row.at),
  instant(({ row }) => row.wakeAt),
  instant(({ row }) => row.periodStart),
  instant(({ row }) => row.periodEnd),
  instant(({ row }) => row.openFrom),
]
const workspaceUpdate = [...workspaceKey, ...workspaceVersion, ...workspaceFigures]
const workspaceInsert = [...workspaceKey, ...workspaceFigures]

const balance: Column<BalanceRow>[] = [
  text((row) => row.workspace),
  instant((row) => row.periodStart),
  text((row) => row.meter),
  instant((row) => row.periodEnd),
  bigint((row) => row.limit),
  bigint((row) => row.used),
  bigint((row) => row.reserved),
  bigint((row) => row.overage),
]

const reservationUpdate: Column<ReservationRow>[] = [
  text((row) => row.workspace),
  text((row) => row.id),
  smallint((row) => codes.state.code(row.state)),
  boolean((row) => row.late),
  instant((row) => row.expiresAt),
  instant((row) => row.closedAt),
  text((row) => row.ending),
  text(linesOf),
]

const reservationInsert: Column<ReservationRow>[] = [
  text((row) => row.workspace),
  text((row) => row.id),
  smallint((row) => codes.state.code(row.state)),
  boolean((row) => row.late),
  instant((row) => row.periodStart),
  instant((row) => row.createdAt),
  instant((row) => row.expiresAt),
  instant((row) => row.closedAt),
  text((row) => row.request),
  text((row) => row.ending),
  text(linesOf),
  text((row) => row.reference),
  text((row) => json(row.metadata)),
]

const entry: Column<Changed<'entries'>>[] = [
  text((row) => row.workspace),
  text((row) => row.meter),
  instant((row) => row.at),
  bigint((row) => row.seq),
  instant((row) => row.periodStart),
  smallint((row) => codes.kind.code(row.kind)),
  bigint((row) => row.quantity),
  smallint((row) => codes.sourceType.code(row.sourceType)),
  text((row) => row.sourceId),
  text((row) => row.actor),
  bigint((row) => row.limitAfter),
  bigint((row) => row.usedAfter),
  bigint((row) => row.reservedAfter),
  bigint((row) => row.overageChange),
]

const subscriptionUpdate: Column<Subscription>[] = [
  text((row) => row.workspace),
  text((row) => row.name),
  text((row) => row.plan),
  bigint((row) => row.contacts),
  text((row) => row.interval),
  text((row) => row.catalog),
  text((row) => row.status),
  instant((row) => row.anchor),
  instant((row) => row.graceUntil),
  text((row) => json(row.pending)),
  text((row) => row.reference),
  bigint((row) => row.reading),
]
const subscriptionInsert = [
  ...subscriptionUpdate,
  instant((row: Subscription) => row.createdAt),
  text((row: Subscription) => row.request),
]

const grantUpdate: Column<GrantRow>[] = [
  text((row) => row.workspace),
  smallint((row) => codes.sourceType.code(row.sourceType)),
  text((row) => row.sourceId),
  text((row) => row.meter),
  instant((row) => row.periodStart),
  bigint((row) => row.quantity),
  bigint((row) => row.takenBack),
  bigint((row) => row.spentBefore),
]
const grantInsert = [...grantUpdate, instant((row: GrantRow) => row.grantedAt), text((row: GrantRow) => row.reason)]

const answer: Column<Changed<'answers'>>[] = [
  text((row) => row.workspace),
  text((row) => row.key),
  text((row) => row.request),
  smallint((row) => row.status),
  text((row) => row.body),
  instant((row) => row.at),
]

const sent = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Buffer[] =>
  columns.map((column) => column(rows))

/** The values of the hot statement, in the order of its parameters. Rows are locked in the order of their ids. */
export function hotValues({ workspaces, balances, reservations, entries }: Changes, assumed: Assumed): unknown[] {
  const updated = workspaces
    .filter(({ versionBefore }) => versionBefore !== null)
    .toSorted((a, b) => (a.row.workspace < b.row.workspace ? -1 : 1))
  return [
    ...sent(updated, workspaceUpdate),
    booleanColumn(updated, ({ row }) => assumed.asleep.has(row.workspace)),
    ...sent(balances.changed, balance),
    ...sent(reservations.changed, reservationUpdate),
    ...sent(reservations.created, reservationInsert),
    ...sent(entries, entry),
    timeOrNull(assumed.now),
    assumed.ahead,
    assumed.own,
    updated.length,
    balances.changed.length,
    reservations.changed.length,
  ]
}

export const assumedValues = ({ unchanged, now, absent, ahead, own }: Assumed): unknown[] => [
  timeOrNull(now),
  ahead,
  own,
  textColumn(unchanged, ({ workspace }) => workspace),
  bigintColumn(unchanged, ({ version }) => version),
  ...[absent.reservations, absent.answers].flatMap((names) => [
    textColumn(names, ({ workspace }) => workspace),
    textColumn(names, ({ name }) => name),
  ]),
]

const timeOrNull = (instant: Instant | null): string | null => (instant === null ? null : instantText(instant))

/** The values of the rare statement, in the order of its parameters. */
export function rareValues({ workspaces, subscriptions, balances, grants, answers }: Changes): unknown[] {
  return [
    ...sent(
      workspaces.filter(({ versionBefore }) => versionBefore === null),
      workspaceInsert,
    ),
    ...sent(subscriptions.created, subscriptionInsert),
    ...sent(subscriptions.changed, subscriptionUpdate),
    ...sent(balances.created, balance),
    ...sent(grants.created, grantInsert),
    ...sent(grants.changed, grantUpdate),
    ...sent(answers, answer),
    subscriptions.changed.length,
    grants.changed.length,
  ]
}
