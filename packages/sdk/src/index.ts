/** A typed client for Headroom: Node 20 and browsers, nothing but fetch. */
export { Headroom } from './client.ts'
export type { GetToken, HeadroomOptions } from './connection.ts'
export type { BatchResult } from './batch.ts'
export * from './errors.ts'
export type * from './requests.ts'
export type { NewCheckout, PortalRequest } from './purchases.ts'
export type { EventsOptions } from './usage-events.ts'
export { withReservation, type AtWork, type Work } from './with-reservation.ts'
export type {
  ActionWire,
  AddOnWire,
  BalancesWire,
  BalanceWire,
  BatchItemWire,
  CatalogWire,
  CheckoutWire,
  Code,
  EntryKind,
  EntryWire,
  ExplainWire,
  GrantWire,
  HistoryWire,
  Interval,
  KeyWire,
  Limit,
  Line,
  MeterId,
  MeterUsageWire,
  Page,
  PeriodWire,
  PriceWire,
  ProblemWire,
  PurchaseState,
  PurchaseWire,
  Quantity,
  Reason,
  ReservationLineWire,
  ReservationState,
  ReservationWire,
  Role,
  Status,
  UsageWire,
  VerdictLineWire,
  VerdictWire,
  WorkspaceWire,
} from '@headroom/core'
