/** Money in: the only room that knows Stripe. */
export { createMoney } from './create-money.ts'
export { pushCatalog, type CatalogCommand } from './push-catalog.ts'
export { handledEvents } from './event-subject.ts'
export type { Asking, Bought, Money, MoneyOptions, MoneyTimes } from './interface.ts'
export { findDrift, type DriftOptions } from './drift.ts'
