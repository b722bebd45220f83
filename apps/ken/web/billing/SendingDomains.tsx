import { PlanDetail } from '@headroom/react'
import type { Session } from '../api.ts'

/** Whether campaigns can send: through a mail server, or, in a demo, into the mailbox of the app. */
export function SendingDomains({ session: { demo, mailbox } }: { session: Session }) {
  const isReady = demo || !mailbox
  return <PlanDetail label="Sending domains" value={isReady ? 'Ready' : 'Pending'} tone={isReady ? 'good' : 'warn'} />
}
