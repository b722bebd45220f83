/** Works off what Stripe has sent: each event at least once, none forgotten, and a bad one never in the way of the others. */
import type { InboxEvent } from '@headroom/engine'
import { inBackground, isOutage } from './client.ts'
import type { Context } from './context.ts'
import { subjectOf, type Subject } from './event-subject.ts'
import { Loop } from './loop.ts'
import type { Settling } from './settle-purchase.ts'
import type { Syncing } from './sync-workspace.ts'
import { UnknownPrice } from './translate.ts'

const batch = 25
/** The others wait before they have begun: then nobody who looks at the same thing waits for long behind them. */
const atOnce = 8
const mostTries = 8

export function createInboxWorker(
  context: Context,
  { settlePurchase }: Settling,
  { syncWorkspace }: Syncing,
  everyMs: number,
): Loop {
  const { engine, alarms, log } = context

  /** One round; true when there may be more. */
  async function round(): Promise<boolean> {
    const events = await engine.inbox.take(batch)
    const subjects = new Map<string, { subject: Subject; events: InboxEvent[] }>()
    for (const event of events) {
      const subject = await named(event)
      if (!subject) continue
      const group = subjects.get(keyOf(subject)) ?? { subject, events: [] }
      group.events.push(event)
      if (subject.kind === 'purchase' && group.subject.kind === 'purchase')
        group.subject.hasFailed ||= subject.hasFailed
      subjects.set(keyOf(subject), group)
    }
    const rest = subjects.values()
    const lane = async () => {
      for (const { subject, events: about } of rest) await workOff(subject, about)
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    return events.length === batch
  }

  async function named(event: InboxEvent): Promise<Subject | undefined> {
    try {
      return await subjectOf(context, event)
    } catch (error) {
      await putOff(event, error)
      return undefined
    }
  }

  /** All events about one thing are worked off by looking at it once; they are done when that has taken effect. */
  async function workOff(subject: Subject, events: InboxEvent[]): Promise<void> {
    try {
      if (subject.kind === 'purchase') await settlePurchase(subject.workspace, subject.id, subject.hasFailed)
      if (subject.kind === 'workspace') await syncWorkspace(subject.workspace)
      for (const { id } of events) {
        if (subject.kind === 'foreign') await engine.inbox.park(id, subject.why)
        else await engine.inbox.done(id)
      }
      if (subject.kind === 'foreign') {
        const ids = events.map(({ id }) => id)
        alarms.raise('not_ours', `Nothing was done about ${ids.join(', ')}: ${subject.why}.`, { events: ids })
      }
    } catch (error) {
      for (const event of events) await putOff(event, error)
    }
  }

  async function putOff(event: InboxEvent, error: unknown): Promise<void> {
    const { id, type, attempts } = event
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof UnknownPrice || (attempts >= mostTries && !isOutage(error))) {
      await engine.inbox.park(id, why)
      alarms.raise('event_parked', `Event ${id} (${type}) is parked after ${attempts} tries: ${why}`, { event: id })
      return
    }
    log('warn', `Event ${id} (${type}) is tried again: ${why}`, { event: id, attempts })
    await engine.inbox.retry(id, Math.min(250 * 2 ** Math.min(attempts, 10), 30_000), why)
  }

  return new Loop('The inbox', () => inBackground(round), everyMs, log)
}

const keyOf = (subject: Subject): string =>
  subject.kind === 'foreign'
    ? `foreign ${subject.why}`
    : JSON.stringify([subject.kind, 'workspace' in subject && subject.workspace, 'id' in subject && subject.id])
