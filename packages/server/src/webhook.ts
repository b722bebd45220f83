/** Where the payment provider tells what has happened. No key: the signature over the body's bytes says who it is from. */
import type { Hono } from 'hono'
import type { Money } from '@headroom/stripe'
import { readText, webhookLimit } from './body.ts'
import { serve, type Room } from './pipeline.ts'
import { malformed } from './problem.ts'

export const webhookPath = '/stripe/webhook'

/** 200 only once the delivery is stored; 400 for what was not signed; 503 where it could not be stored: then it comes again. */
export function mountWebhook(app: Hono, room: Room, money: Money): void {
  app.post(
    webhookPath,
    serve(room, 'webhook', async ({ req }) => {
      const body = await readText(req.raw, webhookLimit)
      const { status, detail } = await money.webhook(body, req.raw.headers.get('stripe-signature'))
      if (status === 400) throw malformed(detail)
      return { status, body: { received: true } }
    }),
  )
}
