/** Stripe's own types as they travel: what the SDK adds to an answer is gone, decimals are text. A field of ours that is wrong or missing fails the type check. */
import type Stripe from 'stripe'
import type { Agenda } from './agenda.ts'
import type { CheckoutIntention } from './checkout-intention.ts'

export type Wire<T> = T extends string
  ? Known<T>
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends object
        ? { [Field in keyof T as Field extends 'lastResponse' ? never : Field]: Wire<T[Field]> }
        : T

/** The SDK leaves its lists of words open ("or any other string"); here only the words it names may be sent. */
type Known<T extends string> = string extends T ? (Same<T, string> extends true ? string : never) : T
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false

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
  discount: Wire<Stripe.Discount>
  subscription: Wire<Stripe.Subscription>
  subscription_schedule: Wire<Stripe.SubscriptionSchedule>
  invoice: Wire<Stripe.Invoice>
  'billing_portal.configuration': Wire<Stripe.BillingPortal.Configuration>
  'billing_portal.session': Wire<Stripe.BillingPortal.Session>
  event: Wire<Stripe.Event>
  webhook_endpoint: Wire<Stripe.WebhookEndpoint>
  /** Kept beside a Checkout Session under its id; the API never shows it. */
  'checkout.intention': CheckoutIntention
  /** Kept beside a subscription under its id; the API never shows it. */
  agenda: Agenda
  /** How declined payments are tried again: one row, 'rules', when it was set. */
}
export type Kind = keyof Kinds

export type Scalar = string | number | boolean | null

export interface Page {
  where: Record<string, Scalar | string[]>
  limit: number
  /** Ids: the page begins behind the one, or ends before the other. */
  startingAfter?: string
  endingBefore?: string
  created?: { gt?: number; gte?: number; lt?: number; lte?: number }
}

/** One request or one step of the clock: everything in it is stored together, or none of it. Requests run one after the other. */
export interface Tx {
  /** Whole seconds since 1970, of the clock that Headroom uses too; stands still within a transaction unless a step of the clock sets it. */
  now: number
  /** Where the hosted pages are, without a slash at the end. */
  readonly publicUrl: string
  get<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined>
  /** Stores it under its own id, over what was there. */
  put<K extends Kind>(kind: K, object: Kinds[K]): Promise<void>
  /** Takes it away; nothing there: nothing happens. */
  remove(kind: Kind, id: string): Promise<void>
  /** Those whose top-level fields have these values, newest first. */
  list<K extends Kind>(kind: K, where?: Record<string, Scalar>): Promise<Kinds[K][]>
  /** One page of them, newest first: what a list of the API answers. A list of values means any of them. */
  page<K extends Kind>(kind: K, page: Page): Promise<{ data: Kinds[K][]; hasMore: boolean }>
  /** A new id with the prefix Stripe gives its kind: cus_, sub_, in_ … */
  id(prefix: string): string
  /** Records an event about the object as it stands now; it is delivered after the transaction. `previous`: the fields that changed, as they were. */
  emit(
    type: Stripe.Event['type'],
    object: { id: string; object: string },
    previous?: Record<string, unknown>,
  ): Promise<void>
}
