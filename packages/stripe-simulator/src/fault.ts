/** An answer of Stripe's that is an error. Thrown by a handler; everything it did is undone, except after a 402: a declined charge stays on record. */
export class StripeFault extends Error {
  readonly status: number
  readonly error: StripeErrorBody

  constructor(status: number, error: StripeErrorBody) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

export interface StripeErrorBody {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  payment_intent?: object
  doc_url?: string
}

/** 400 for a parameter that cannot be: what Stripe says of most mistakes. */
export function badParameter(param: string, message: string, code?: string): StripeFault {
  return new StripeFault(400, {
    type: 'invalid_request_error',
    message,
    param,
    ...(code === undefined ? {} : { code }),
  })
}

/** 404 for an object in the path, 400 for one that a parameter names: `noSuch('price', id, 'items[0][price]')`. */
export function noSuch(what: string, id: string, param?: string): StripeFault {
  return new StripeFault(param === undefined ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param: param ?? 'id',
  })
}
