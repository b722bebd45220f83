/** Money in: the only room that knows Stripe. */
export {}
