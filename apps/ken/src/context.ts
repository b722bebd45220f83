/** What every part of Ken's server works with. */
import type { Headroom } from '@headroom/sdk'
import type { Auth } from './people/auth.ts'
import type { Database, Log } from './database.ts'
import type { CampaignBuilder } from './builds/builder.ts'
import type { Qualifier } from './imports/qualifier.ts'
import type { EmailVerifier } from './imports/verifier.ts'
import type { Transport } from './mail/transport.ts'

export interface Context {
  database: Database
  /** Asks as Ken itself; `headroom.as(viewer)` asks for a member. */
  headroom: Headroom
  auth: Auth
  qualifier: Qualifier
  verifier: EmailVerifier
  /** Who does the thinking in builds. */
  builder: CampaignBuilder
  /** How mails leave. */
  transport: Transport
  /** How mails of campaigns leave: on connections of their own, so that nobody's invitation waits behind ten thousand of them. */
  campaignTransport: Transport
  /** How many mails of campaigns a workspace may send in a UTC day: what the sending infrastructure takes. */
  sendsPerDay: number
  /** Whoever brings the answers to our mails gives this; null: nobody may. */
  inboundSecret: string | null
  /** Who reads what people write to support. */
  supportEmail: string
  /** How many people the Leads Database has. */
  directoryPeople: number
  log: Log
  publicUrl: string
  secret: string
  demo: boolean
  build: string
  webRoot: string | null
  /** Mails are kept to be read in the app: in a demo, and where no mail server is set. */
  mailbox: boolean
  /** Pays for what a checkout asks, where that is possible without a person: for the demo workspace's plan. */
  payForDemo: ((checkoutSession: string) => Promise<void>) | null
  /** Aborts when Ken stops: streams end with it. */
  stopped: AbortSignal
  /** There is a new job: the workers of this process need not wait for their next look. */
  wakeWorker(): void
}

/** The meter of AI-built campaigns. */
export const aiCampaigns = 'ai_campaigns'

/** The meter imports are counted on. */
export const leads = 'leads'

/** The meter mails of campaigns are counted on. */
export const emailSends = 'email_sends'
