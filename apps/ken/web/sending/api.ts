/** What the pages ask about sending: a campaign's sequence, its schedule, who has got what. */
import type { VerdictWire } from '@headroom/sdk'
import { ask, at, post, put, type Page } from '../ask.ts'

export interface SequenceStep {
  /** Days after the mail before it; 0 for the first. */
  waitDays: number
  subject: string
  body: string
}

export interface Sequence {
  steps: SequenceStep[]
  /** False while mails are going out: pause first. */
  editable: boolean
}

/** In UTC. `days`: 1 is Monday, 7 is Sunday. */
export interface Schedule {
  startAt: string | null
  days: number[]
  fromHour: number
  untilHour: number
}

export type RecipientState = 'waiting' | 'active' | 'finished' | 'replied' | 'unsubscribed' | 'failed'

export interface StepFigures {
  step: number
  waitDays: number
  subject: string
  sent: number
  failed: number
}

export interface Sending {
  state: string
  schedule: Schedule
  launchable: boolean
  whyNot: string | null
  recipients: { total: number } & Record<RecipientState, number>
  steps: StepFigures[]
  /** Mails the mail server took. */
  sent: number
  /** Uses Headroom has booked; the same as `sent` a moment later. */
  counted: number
  queued: number
  nextAt: string | null
  capacity: { perDay: number; sentToday: number; exhausted: boolean }
  notice: { kind: string; text: string } | null
  /** Whether the balance covers what is still to come; null while Headroom cannot be asked. */
  sends: { available: number | null; needed: number; verdict: VerdictWire } | null
}

export interface Recipient {
  id: string
  name: string | null
  email: string
  company: string | null
  state: RecipientState
  /** The last step that was sent; 0 before the first. */
  step: number
  nextAt: string | null
  lastSentAt: string | null
  reason: string | null
  /** What the recipient answered first, shortened. */
  reply: string | null
}

/** What somebody who opens the link under a mail is told. */
export interface Subscription {
  /** Whose mails these are. */
  workspace: string
  /** Shortened: "a…@firm.example". */
  email: string
  state: 'subscribed' | 'unsubscribed'
}

const campaign = (id: string) => `/api/campaigns/${at(id)}`

export const sendingApi = {
  sequence: (id: string) => ask<Sequence>(`${campaign(id)}/sequence`),
  saveSequence: (id: string, steps: SequenceStep[]) => put<Sequence>(`${campaign(id)}/sequence`, { steps }),

  sending: (id: string) => ask<Sending>(`${campaign(id)}/sending`),
  launch: (id: string, schedule: Schedule) => post<Sending>(`${campaign(id)}/launch`, { schedule }),
  pause: (id: string) => post<Sending>(`${campaign(id)}/pause`),
  resume: (id: string) => post<Sending>(`${campaign(id)}/resume`),
  saveSchedule: (id: string, schedule: Schedule) => put<Sending>(`${campaign(id)}/schedule`, { schedule }),

  recipients: (id: string, state: string, cursor: string | null) => {
    const query = new URLSearchParams()
    if (state !== '') query.set('state', state)
    if (cursor !== null) query.set('cursor', cursor)
    return ask<Page<Recipient>>(`${campaign(id)}/recipients?${query}`)
  },

  replyAsRecipient: (mailId: string, text: string) => post<null>(`/api/mails/${at(mailId)}/reply`, { text }),
  unsubscribeAsRecipient: (mailId: string) => post<null>(`/api/mails/${at(mailId)}/unsubscribe`),

  subscription: (token: string) => ask<Subscription>(`/api/unsubscribe/${at(token)}`),
  unsubscribe: (token: string) => post<Subscription>(`/api/unsubscribe/${at(token)}`),
}
