/** Tells Admins, once a period, that at most a fifth of the leads is left. */
import type { VerdictWire } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import { leads, type Context } from '../context.ts'
import { notify, whyItCame } from '../people/notifications.ts'
import { pageLink } from '../people/links.ts'

/** Left of the limit, in percent, at or below which it is said. */
const lowPercent = 20

interface Workspace {
  id: string
  name: string
  /** The end of the period for which it was said already. */
  credits_low_until: string | null
}

/**
 * Looks at these workspaces with one request for all of them. What reads the balance is a check, which sets nothing aside. Throws only
 * when Headroom or the database cannot be asked; cut off half-way, the next round writes what is missing and nothing twice.
 */
export async function lookAtCredits(context: Context, workspaces: Workspace[], signal: AbortSignal): Promise<void> {
  const operations = workspaces.map(({ id }) => ({
    op: 'check' as const,
    workspace: id,
    lines: [{ meter: leads, quantity: 1 }],
  }))
  const results = await context.headroom.batch(operations, { signal, timeoutMs: 5_000, maxRetries: 1 })
  for (const [n, { status, body }] of results.entries()) {
    const workspace = workspaces[n]!
    if (status !== 200) continue
    const { lines, resetsAt } = body as VerdictWire
    const { available = null, limit = null } = lines[0] ?? {}
    if (available === null || limit === null || limit === 0 || available * 100 > limit * lowPercent) continue
    if (workspace.credits_low_until === resetsAt) continue
    await tell(context, workspace, { available, limit, resetsAt })
  }
}

async function tell(
  context: Context,
  { id, name }: Workspace,
  { available, limit, resetsAt }: { available: number; limit: number; resetsAt: string },
): Promise<void> {
  const { database, publicUrl } = context
  const left = `${count.format(available)} of ${count.format(limit)} leads`
  await notify(context, {
    workspaceId: id,
    kind: 'credits_low',
    occasion: resetsAt,
    to: 'admins',
    at: (await nowOf(context, id)).toISOString(),
    letter: {
      subject: `${name} has ${left} left`,
      paragraphs: [
        `${name} has ${left} left in this billing period. New imports are capped at that.`,
        `The next period begins on ${exact.format(new Date(resetsAt))} UTC. For more leads before then, buy an add-on or change the plan on the Billing page.`,
      ],
      link: { label: 'Open Billing', href: pageLink(publicUrl, id, '/settings/billing') },
      footer: whyItCame(name),
    },
  })
  await database.query('update ken.workspaces set credits_low_until = $2 where id = $1', [id, resetsAt])
}

const count = new Intl.NumberFormat('en-US')
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
