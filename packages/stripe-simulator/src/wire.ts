/** Stripe's own types as they travel: what the SDK adds to an answer is gone, decimals are text. A field of ours that is wrong or missing fails the type check. */
import type Stripe from 'stripe'

export type Wire<T> = T extends Stripe.Decimal
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Field in keyof T as Field extends 'lastResponse' ? never : Field]: Wire<T[Field]> }
      : T

/** What is kept, by the name of its kind. */
export interface Kinds {
  customer: Wire<Stripe.Customer>
  product: Wire<Stripe.Product>
  price: Wire<Stripe.Price>
  payment_method: Wire<Stripe.PaymentMethod>
  'checkout.session': Wire<Stripe.Checkout.Session>
  payment_intent: Wire<Stripe.PaymentIntent>
  charge: Wire<Stripe.Charge>
  refund: Wire<Stripe.Refund>
  dispute: Wire<Stripe.Dispute>
  coupon: Wire<Stripe.Coupon>
  subscription: Wire<Stripe.Subscription>
  subscription_schedule: Wire<Stripe.SubscriptionSchedule>
  invoice: Wire<Stripe.Invoice>
  'billing_portal.configuration': Wire<Stripe.BillingPortal.Configuration>
  'billing_portal.session': Wire<Stripe.BillingPortal.Session>
  event: Wire<Stripe.Event>
}
export type Kind = keyof Kinds

/** One request or one step of the clock: everything in it is stored together, or none of it. Requests run one after the other. */
export interface Tx {
  /** Whole seconds since 1970, of the clock that Headroom uses too; stands still within a transaction unless a step of the clock sets it. */
  now: number
  /** Where the hosted pages are, without a slash at the end. */
  readonly publicUrl: string
  get<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined>
  /** Stores it under its own id, over what was there. */
  put<K extends Kind>(kind: K, object: Kinds[K]): Promise<void>
  /** Those whose top-level fields have these values, newest first. */
  list<K extends Kind>(kind: K, where?: Record<string, string | number | boolean | null>): Promise<Kinds[K][]>
  /** A new id with the prefix Stripe gives its kind: cus_, sub_, in_ … */
  id(prefix: string): string
  /** Records an event about the object as it stands now; it is delivered after the transaction. `previous`: the fields that changed, as they were. */
  emit(
    type: Stripe.Event['type'],
    object: { id: string; object: string },
    previous?: Record<string, unknown>,
  ): Promise<void>
}
