/** A Stripe to develop and test against: stateful, signed webhooks, hosted pages. Development and tests only. */
export type { Kinds, Tx, Wire } from './wire.ts'
