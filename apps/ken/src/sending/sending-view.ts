/** How a campaign's sending stands, as its page shows it. */
import type { VerdictWire } from '@headroom/sdk'
import type { Schedule } from './schedule.ts'

export type CampaignState = 'draft' | 'building' | 'ready' | 'sending' | 'paused' | 'completed' | 'error'

/** waiting: nothing sent yet; active: in the middle of the sequence; the others have come to their end. */
export type RecipientState = 'waiting' | 'active' | 'finished' | 'replied' | 'unsubscribed' | 'failed'

export interface SendingView {
  state: CampaignState
  schedule: Schedule
  launchable: boolean
  /** What is missing before it can be launched, e.g. "Import leads first."; null when nothing is. */
  whyNot: string | null
  recipients: { total: number } & Record<RecipientState, number>
  steps: { step: number; waitDays: number; subject: string; sent: number; failed: number }[]
  /** Mails the mail server took. */
  sent: number
  /** Of these, the uses Headroom has booked. */
  counted: number
  /** Mails that are written and on their way to the mail server. */
  queued: number
  /** When the next mail is due, on Headroom's clock; null when none is, or none may go out. */
  nextAt: string | null
  /** What the sending infrastructure takes in a UTC day. Where it is used up a person at Ken helps; there is nothing to buy. */
  capacity: { perDay: number; sentToday: number; exhausted: boolean }
  notice: { kind: 'capacity' | 'mail_server' | 'error'; text: string } | null
  /** Whether the balance covers the mails that are still to come: advice, never a block. Null while Headroom cannot be asked. */
  sends: { available: number | null; needed: number; verdict: VerdictWire } | null
}

export interface RecipientView {
  id: string
  name: string | null
  email: string
  company: string | null
  state: RecipientState
  /** The last step that was written for this recipient; 0 before the first. */
  step: number
  nextAt: string | null
  lastSentAt: string | null
  /** Why it ended, where there is more to say than its state. */
  reason: string | null
  /** What the recipient answered first, shortened. */
  reply: string | null
}

export interface SequenceView {
  steps: { waitDays: number; subject: string; body: string }[]
  /** False while it sends: pause first. */
  editable: boolean
}

/** What somebody who opens the link under a mail is told. */
export interface SubscriptionView {
  /** Whose mails these are. */
  workspace: string
  /** Shortened, as a link may be passed on: "a…@firm.example". */
  email: string
  state: 'subscribed' | 'unsubscribed'
}
