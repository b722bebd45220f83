/** Money in: the only room that knows Stripe. */
export type { Asking, Bought, Money, MoneyOptions } from './interface.ts'
