/** Which mails the standing of a workspace calls for, and what they say. Pure: all of it follows from what Headroom answered. */
import type { UsageWire } from '@headroom/sdk'
import { pageLink } from '../people/links.ts'
import type { Letter } from './letter.ts'
import type { LifecycleKind, Occasion } from './mails.ts'

const dayMs = 86_400_000

/** So long before the days of grace are over, and before a trial ends, Admins are told (acceptance, Context). */
const warningMs = 2 * dayMs
const trialNoticeMs = 3 * dayMs

/** The mails that are due. `trouble` names the payment trouble it is in, where the days of grace do not. The same answer to the same. */
export function occasionsOf(usage: UsageWire, trouble: string | null): Occasion<LifecycleKind>[] {
  const { status, graceUntil } = usage.plan
  const now = Date.parse(usage.asOf)
  const occasion = graceUntil ?? trouble ?? usage.asOf
  switch (status) {
    case 'past_due': {
      const isNear = graceUntil !== null && now >= Date.parse(graceUntil) - warningMs
      const failed: Occasion<LifecycleKind> = { kind: 'payment_failed', occasion }
      return isNear ? [failed, { kind: 'suspension_warning', occasion }] : [failed]
    }
    case 'overdue':
    case 'suspended':
      return [{ kind: 'suspended', occasion }]
    case 'trialing':
      return now >= Date.parse(usage.period.end) - trialNoticeMs
        ? [{ kind: 'trial_ending', occasion: usage.period.end }]
        : []
    case 'active':
      return []
  }
}

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const instant = (at: string) => `${exact.format(new Date(at))} UTC`

const whatStops = 'nothing new can be started: no imports and no AI builds. Campaigns that are running go on.'
const fromNowOn = `From now on ${whatStops} Nothing is lost: what is left of this period stays where it is.`
const whatToDo =
  'Open Manage Plan on the Billing page, and update the payment method there or pay the open invoice. ' +
  'As soon as the payment has gone through, everything is as before.'

/** What an Admin reads: what happened, until when what goes on, what to do now. */
export function letterOf(
  { kind }: Occasion<LifecycleKind>,
  { workspace: workspaceId, plan, period }: UsageWire,
  { workspace, publicUrl }: { workspace: string; publicUrl: string },
): Letter {
  const link = { label: 'Manage Plan', href: pageLink(publicUrl, workspaceId, '/settings/billing') }
  const footer = `You get this mail because you are an Admin of ${workspace}. Mails about payments cannot be switched off.`
  const graceEnd = plan.graceUntil === null ? null : instant(plan.graceUntil)
  const say = (subject: string, ...paragraphs: string[]): Letter => ({ subject, paragraphs, link, footer })
  switch (kind) {
    case 'payment_failed':
      return say(
        `Payment failed for ${workspace}`,
        `The last payment for the ${plan.name} of ${workspace} did not go through.`,
        graceEnd === null
          ? 'Until it has, everything goes on as before.'
          : `Everything goes on as before until ${graceEnd}. From then on ${whatStops}`,
        whatToDo,
      )
    case 'suspension_warning':
      return say(
        `Payment for ${workspace} will be overdue on ${graceEnd}`,
        `A payment for the ${plan.name} of ${workspace} is still due.`,
        `From ${graceEnd} on ${whatStops}`,
        whatToDo,
      )
    case 'suspended':
      // One occasion, two states: each has the word that the plan card has for it.
      return plan.status === 'overdue'
        ? say(
            `Payment overdue for ${workspace}`,
            `A payment for the ${plan.name} of ${workspace} is overdue: the time to make it has passed.`,
            fromNowOn,
            whatToDo,
          )
        : say(
            `${workspace} is suspended`,
            `The subscription of ${workspace} to the ${plan.name} is suspended or paused at Stripe.`,
            fromNowOn,
            'Open Manage Plan on the Billing page: it shows why. As soon as the subscription goes on, everything is as before.',
          )
    case 'trial_ending':
      return say(
        `The trial of ${workspace} ends on ${instant(period.end)}`,
        `The trial of the ${plan.name} ends on ${instant(period.end)}.`,
        plan.pendingChange === null
          ? 'Then the plan begins, and its first payment is taken from the payment method you gave. What you have not used by then lapses.'
          : 'Then the change of plan you have chosen takes effect. What you have not used by then lapses.',
        'To change or cancel the plan before, open Manage Plan on the Billing page.',
      )
  }
}
