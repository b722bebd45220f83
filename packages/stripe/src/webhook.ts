/** One delivery of Stripe's: checked, stored, and only then answered. What it means is worked out afterwards. */
import { hash } from 'node:crypto'
import type Stripe from 'stripe'
import type { Context } from './context.ts'
import { isHandled } from './event-subject.ts'

const toleranceSeconds = 300
/** While a secret is replaced Stripe sends two; more than this is somebody trying. */
const mostSignatures = 10

type Said = { status: 200 | 400; detail: string }

export interface Webhook {
  /** Throws what the database throws: Stripe sends it again. */
  receive(body: string, signature: string | null): Promise<Said & { isNew: boolean }>
}

export function createWebhook({ stripe, engine, alarms, live }: Context, secrets: readonly string[]): Webhook {
  return {
    async receive(body, signature) {
      const event = verified(stripe, body, signature, secrets)
      if (typeof event === 'string') return refused(event)
      if (event.livemode !== live) {
        alarms.raise('mode_mismatch', `Event ${event.id} came in the other mode and was refused.`, { event: event.id })
        return refused('The event is of the other mode.')
      }
      const stored = await engine.inbox.put({ ...entryOf(event), content: contentOf(event), body })
      if (stored === 'differs') {
        alarms.raise('event_differs', `Event ${event.id} came again with other content and was refused.`, {
          event: event.id,
        })
        return refused('An event with this id was delivered with other content.')
      }
      return { status: 200, detail: stored === 'new' ? 'Stored.' : 'Known already.', isNew: stored === 'new' }
    },
  }
}

const refused = (detail: string) => ({ status: 400, detail, isNew: false }) as const

/** Unknown types are kept too, but there is nothing to do about them. */
export const entryOf = ({ id, type, created }: Pick<Stripe.Event, 'id' | 'type' | 'created'>) => ({
  id,
  type,
  createdAt: created * 1000,
  done: !isHandled(type),
})

/** The event, or why it is not one that Stripe has sent just now. */
function verified(
  stripe: Stripe,
  body: string,
  signature: string | null,
  secrets: readonly string[],
): Stripe.Event | string {
  const header = signature ?? ''
  const times = [...header.matchAll(/(?:^|,)t=(\d{1,12})(?=,|$)/g)]
  const signatures = header.match(/(?:^|,)v1=/g)?.length ?? 0
  if (times.length !== 1 || signatures === 0 || signatures > mostSignatures) return 'The signature is malformed.'
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(times[0]![1])) > toleranceSeconds) {
    return 'The signature is too old, or from the future.'
  }
  for (const secret of secrets) {
    try {
      const event: unknown = stripe.webhooks.constructEvent(body, header, secret, toleranceSeconds)
      return isEvent(event) ? event : 'The body is not an event.'
    } catch (error) {
      if (error instanceof SyntaxError) return 'The body is not JSON.'
    }
  }
  return 'The signature is not ours.'
}

function isEvent(event: unknown): event is Stripe.Event {
  const { id, type, created, livemode, data } = (event ?? {}) as Partial<Stripe.Event>
  const isText = (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= 255
  if (!isText(id) || !isText(type) || typeof livemode !== 'boolean') return false
  return Number.isSafeInteger(created) && created! >= 0 && created! < 1e11 && typeof data?.object === 'object'
}

/**
 * What tells one event from another under the same id: what it says has happened, when, and to what. How the object is written depends on
 * the endpoint's API version, of which there are two while one is replaced, and how often it is still to be delivered on the moment. None
 * of that is read: what is so now is asked for again.
 */
function contentOf({ id, type, created, data }: Stripe.Event): string {
  const { id: object } = (data.object ?? {}) as { id?: unknown }
  return hash('sha256', JSON.stringify([id, type, created, object]), 'base64url').slice(0, 22)
}
