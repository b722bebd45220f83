/** Ken, the reference customer: an outreach product whose imports are metered by Headroom, which it reaches only as any customer would. */
import { Headroom } from '@headroom/sdk'
import { Auth } from './people/auth.ts'
import { buildKind } from './builds/build-rows.ts'
import type { CampaignBuilder } from './builds/builder.ts'
import { builderOf } from './builds/builder-of.ts'
import { buildJob } from './builds/job.ts'
import type { Context } from './context.ts'
import { openDatabase, type Log } from './database.ts'
import { seedDemo, type DemoLogin } from './demo/demo.ts'
import { askForDirectory, directoryJob, directoryKind, directoryPeopleOf } from './directory/prepare.ts'
import { supportEmailOf } from './help/contact.ts'
import { importJob } from './imports/job.ts'
import { importKind } from './imports/imports.ts'
import { lifecycleJob, lifecycleKind, scheduleLifecycle } from './mail/lifecycle.ts'
import { mailStands } from './mail/stands.ts'
import { transportOf } from './mail/transport.ts'
import { mailJob, mailKind } from './mail/mails.ts'
import { answerPage } from './http/pages.ts'
import { rulesQualifier } from './imports/qualifier.ts'
import { JobsBell } from './queue-bell.ts'
import { Worker } from './queue.ts'
import { answerApi } from './http/routes.ts'
import { canWait } from './http/can-wait.ts'
import { inboundSecretOf, sendsPerDayOf } from './sending/settings.ts'
import { isOneClick } from './sending/routes.ts'
import { sendingJob } from './sending/job.ts'
import { sendingKind } from './sending/launch.ts'
import { tokenEndJob, tokenEndKind } from './people/tokens.ts'
import { migrate } from './schema/migrate.ts'
import { verifierOf, type EmailVerifier } from './imports/verifier.ts'

export interface KenOptions {
  /** May make tables in the schemas `ken` and `auth`, which are made where they are missing. */
  databaseUrl: string
  headroom: { baseUrl: string; apiKey: string }
  /** Where people reach Ken; cookies and the check of where a request comes from go by it. */
  publicUrl: string
  /** At least 32 bytes; signs sessions and cursors. */
  secret: string
  /** Offers the demo users at sign-in. */
  demo: boolean
  /** The built web app, or null when there is none. */
  webRoot: string | null
  /** Names the build, so that a page can tell that it is out of date. */
  build: string
  log: Log
  /** The mail server, as `smtp://…` or `smtps://…`, with `?from=` for the sender's address; null: mails stand in the mailbox page. */
  smtpUrl: string | null
  /** Pays a Checkout Session, where payments are simulated; with it the demo workspace has a subscription. */
  payForDemo?: (checkoutSession: string) => Promise<void>
  /** How long to rest between two looks at how the workspaces stand with their payments; default 60. */
  lookSeconds?: number
  /** Default: the one KEN_VERIFIER names, else the one that needs no network. */
  verifier?: EmailVerifier
  /** How many mails of campaigns a workspace may send in a UTC day; default KEN_SENDS_PER_DAY, else 10,000. */
  sendsPerDay?: number
  /** What whoever brings answers to our mails has to give; default KEN_INBOUND_SECRET, without it nobody may. */
  inboundSecret?: string
  /** The Leads Database: how many people it has, by default KEN_DIRECTORY_PEOPLE, else 240,000; and whether it is made ahead of its first use. */
  directory?: { people?: number; ahead?: boolean }
  /** Default: what KEN_AI_URL, KEN_AI_KEY and KEN_AI_MODEL name, else the one that needs no network. */
  builder?: CampaignBuilder
  /** Work on jobs in this process; default true. */
  worker?: boolean
}

export interface Ken {
  /** Answers /api/… and the pages; every other path is a 404 problem document. Never rejects. */
  fetch(request: Request): Response | Promise<Response>
  /** Makes the demo workspace where it is missing; asked again it changes nothing. */
  seedDemo(): Promise<DemoLogin[]>
  /** Starts working on jobs, also those a stopped or killed process left. */
  start(): Promise<void>
  /** Lets jobs finish the batch they are at, gives them back, and closes the database connections. Asked again it does nothing. */
  stop(): Promise<void>
}

/** Opens Ken and brings its tables up to date. Rejects when the database cannot be reached or the options cannot work. */
export async function createKen(options: KenOptions): Promise<Ken> {
  const { databaseUrl, publicUrl, secret, demo, webRoot, build, log, smtpUrl, lookSeconds = 60 } = options
  if (Buffer.byteLength(secret) < 32) throw new Error('The secret must have at least 32 bytes.')
  // In a demo each address takes a moment, as it would with a real provider: long enough to watch what an import reserves.
  const verifier = options.verifier ?? verifierOf(process.env.KEN_VERIFIER, { millisecondsEach: demo ? 5 : 0 })
  const sendsPerDay = options.sendsPerDay ?? sendsPerDayOf(process.env.KEN_SENDS_PER_DAY)
  const supportEmail = supportEmailOf(process.env.KEN_SUPPORT_EMAIL)
  const inboundSecret = options.inboundSecret ?? inboundSecretOf(process.env.KEN_INBOUND_SECRET)
  const builder = options.builder ?? builderOf(process.env, { millisecondsEach: demo ? 700 : 0 })
  const database = openDatabase(databaseUrl, log)
  const auth = new Auth(database, { databaseUrl, publicUrl, secret, log })
  try {
    await migrate(database, (applied) => auth.migrate(applied))
  } catch (error) {
    await Promise.all([database.end(), auth.close()])
    throw error
  }
  const stopping = new AbortController()
  const context: Context = {
    database,
    headroom: new Headroom(options.headroom),
    auth,
    qualifier: rulesQualifier,
    verifier,
    builder,
    transport: transportOf({ smtpUrl, publicUrl }),
    campaignTransport: transportOf({ smtpUrl, publicUrl, connections: 5 }),
    sendsPerDay,
    inboundSecret,
    supportEmail,
    directoryPeople: options.directory?.people ?? directoryPeopleOf(process.env.KEN_DIRECTORY_PEOPLE),
    log,
    publicUrl,
    secret,
    demo,
    build,
    webRoot,
    mailbox: demo || smtpUrl === null,
    payForDemo: options.payForDemo ?? null,
    stopped: stopping.signal,
    wakeWorker: () => workers.forEach((worker) => worker.wake()),
  }
  const bell = new JobsBell(databaseUrl, log, () => context.wakeWorker())
  const workers = [
    new Worker(database, { [importKind]: importJob(context), [directoryKind]: directoryJob(context) }, log, { bell }),
    // Slots of their own: a mail server that hangs holds up no import, and imports hold up no mail.
    new Worker(
      database,
      {
        [mailKind]: mailJob(context, (mail) => mailStands(context, mail)),
        [tokenEndKind]: tokenEndJob(context),
        [lifecycleKind]: lifecycleJob(context, { lookSeconds }),
      },
      log,
      { bell },
    ),
    // A model may take minutes for a step, and a build only waits for it meanwhile. Slots for many, rather than a second kind of job for
    // giving credits back and completing: a build has one job, which does one thing after the other and so needs no locks between two.
    new Worker(database, { [buildKind]: buildJob(context) }, log, { slots: 16, bell }),
    new Worker(database, { [sendingKind]: sendingJob(context, { lookSeconds: Math.min(30, lookSeconds) }) }, log, {
      bell,
    }),
  ]
  let stopped: Promise<void> | null = null
  return {
    fetch: (request) => {
      const path = new URL(request.url).pathname
      const isApi = path === '/api' || path.startsWith('/api/') || isOneClick(request.method, path)
      return isApi ? answerApi(context, request) : answerPage(context, request)
    },
    seedDemo: () => seedDemo(context),
    async start() {
      if (options.worker === false) return
      await scheduleLifecycle(context)
      if (options.directory?.ahead === true) await askForDirectory(context)
      await bell.start()
      for (const worker of workers) worker.start()
    },
    stop: () => {
      stopped ??= (async () => {
        stopping.abort()
        await Promise.all([bell.stop(), ...workers.map((worker) => worker.stop())])
        for (const transport of [context.transport, context.campaignTransport]) transport.close()
        await Promise.all([database.end(), auth.close()])
      })()
      return stopped
    },
  }
}

export { canWait }
export type { DemoLogin, EmailVerifier }
