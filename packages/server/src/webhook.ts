/** Where the payment provider tells what has happened. No key: the signature over the body's bytes says who it is from. */
import type { Money } from '@headroom/stripe'
import { readText, webhookLimit } from './body.ts'
import { malformed } from './problem.ts'
import type { OpenRoute } from './router.ts'
import { inTime } from './urgency.ts'

export const webhookPath = '/stripe/webhook'

/** 200 only once the delivery is stored; 400 for what was not signed; 503 where it could not be stored: then it comes again. */
export const webhook = (money: Money): OpenRoute => ({
  name: 'webhook',
  method: 'post',
  path: webhookPath,
  async answer(asked) {
    const body = await readText(asked.incoming, webhookLimit)
    const { status, detail } = await inTime(money.webhook(body, asked.header('stripe-signature')), false)
    if (status === 400) throw malformed(detail)
    return { status, body: { received: true } }
  },
})
