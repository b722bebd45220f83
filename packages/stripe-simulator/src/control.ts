/** The control calls: what only happens to a Stripe of one's own. JSON, no key. */
import { StripeFault } from './fault.ts'
import { conclude, outcomes } from './checkout-outcome.ts'
import { visible } from './expand.ts'
import { moneyBackRoutes } from './control-money-back.ts'
import { settingRoutes } from './control-settings.ts'
import { Badly, type ControlContext, type ControlRoute } from './control-route.ts'
import { steerSubscription, type Steering } from './subscription-control.ts'
import { stateOf } from './state.ts'
import { settleDue } from './settle.ts'

export const controlRoutes: ControlRoute[] = [
  {
    method: 'POST',
    path: '/_sim/checkout/sessions/:id/complete',
    async handle({ store }, { ids, body }) {
      const outcome = outcomes.find((word) => word === body.outcome)
      if (outcome === undefined) throw new Badly(400, `outcome must be one of ${outcomes.join(', ')}`)
      return store.transaction(async (tx) => {
        await settleDue(tx)
        const session = await tx.get('checkout.session', ids.id ?? '')
        if (!session) throw new Badly(404, `There is no Checkout Session ${ids.id}`)
        return conclude(tx, session, outcome)
      })
    },
  },
  {
    method: 'POST',
    path: '/_sim/subscriptions/:id',
    handle({ store }, { ids, body }) {
      const steering = steeringOf(body)
      return store.transaction(async (tx) => {
        await settleDue(tx)
        const subscription = await tx.get('subscription', ids.id ?? '')
        if (!subscription) throw new Badly(404, `There is no subscription ${ids.id}`)
        return steerSubscription(tx, subscription, steering)
      })
    },
  },
  ...moneyBackRoutes,
  ...settingRoutes,
  { method: 'GET', path: '/_sim/state', handle: ({ store }) => stateOf(store) },
]

/** 200 with the object as it stands, whatever the outcome; 404 and 400 say what was wrong. */
export async function answerControl(
  context: ControlContext,
  route: ControlRoute,
  request: Request,
  ids: Record<string, string>,
): Promise<Response> {
  try {
    const body = route.method === 'GET' ? {} : await bodyOf(request)
    return json(200, visible(await route.handle(context, { ids, body })))
  } catch (fault) {
    if (fault instanceof Badly) return json(fault.status, { error: { message: fault.message } })
    if (fault instanceof StripeFault) return json(400, { error: { message: fault.message } })
    throw fault
  }
}

function steeringOf({ paymentFails, status }: Record<string, unknown>): Steering {
  if (paymentFails !== undefined && typeof paymentFails !== 'boolean') {
    throw new Badly(400, 'paymentFails must be true or false')
  }
  if (status !== undefined && status !== 'unpaid' && status !== 'paused' && status !== 'active') {
    throw new Badly(400, 'status must be one of unpaid, paused, active')
  }
  return { ...(paymentFails === undefined ? {} : { paymentFails }), ...(status === undefined ? {} : { status }) }
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text()
  if (text === '') return {}
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Badly(400, 'The body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Badly(400, 'The body must be an object')
  return body as Record<string, unknown>
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body, null, 2), { status, headers: { 'Content-Type': 'application/json' } })
