import type { ControlRoute } from './control-route.ts'
import { Badly } from './control-route.ts'
import { closeDispute, openDispute } from './disputes.ts'
import { chargePaying, refund } from './refunds.ts'
import { idOf } from './subscription-object.ts'
import type { Kinds, Tx } from './wire.ts'

/** Refunds and disputes, by the Checkout Session that was paid. */
export const moneyBackRoutes: ControlRoute[] = [
  {
    method: 'POST',
    path: '/_sim/refunds',
    handle({ store }, { body }) {
      const { amount } = body
      if (amount !== undefined && (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1)) {
        throw new Badly(400, 'amount must be a whole number of cents, at least 1')
      }
      return store.transaction(async (tx) =>
        refund(tx, await chargeOf(tx, body.checkoutSession), amount === undefined ? {} : { amount }),
      )
    },
  },
  {
    method: 'POST',
    path: '/_sim/disputes',
    handle({ store }, { body }) {
      const { outcome } = body
      if (outcome !== 'opened' && outcome !== 'won' && outcome !== 'lost') {
        throw new Badly(400, 'outcome must be one of opened, won, lost')
      }
      return store.transaction(async (tx) => {
        const charge = await chargeOf(tx, body.checkoutSession)
        return outcome === 'opened' ? openDispute(tx, charge) : closeDispute(tx, charge, outcome)
      })
    },
  },
]

async function chargeOf(tx: Tx, sessionId: unknown): Promise<Kinds['charge']> {
  if (typeof sessionId !== 'string') throw new Badly(400, 'checkoutSession must be the id of a Checkout Session')
  const session = await tx.get('checkout.session', sessionId)
  if (!session) throw new Badly(404, `There is no Checkout Session ${sessionId}`)
  const intent = session.payment_intent ?? (await invoiceIntent(tx, session.invoice))
  const charge = intent === null ? undefined : await chargePaying(tx, idOf(intent))
  if (!charge) throw new Badly(400, `The Checkout Session ${sessionId} was not paid: there is nothing to give back`)
  return charge
}

/** A subscription's session was paid through its first invoice. */
async function invoiceIntent(tx: Tx, invoice: Kinds['checkout.session']['invoice']): Promise<string | null> {
  if (invoice === null) return null
  const found = await tx.get('invoice', typeof invoice === 'string' ? invoice : (invoice.id ?? ''))
  const intent = found?.payments?.data[0]?.payment.payment_intent
  return intent === undefined ? null : idOf(intent)
}
