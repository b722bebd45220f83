/** What a purchase does not have before there is a checkout for it, and before that is paid. */
export const unpaid = {
  session: null,
  url: null,
  expiresAt: null,
  paymentIntent: null,
  charge: null,
  receiptNumber: null,
  receiptUrl: null,
  refunded: 0,
  paidAt: null,
  note: null,
} as const
