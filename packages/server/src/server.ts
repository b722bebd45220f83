/** The room: an engine goes in, an HTTP interface comes out. */
import type { EngineInterface } from '@headroom/engine'
import type { Money } from '@headroom/stripe'
import { Auth } from './auth.ts'
import { BooksWatch } from './books-watch.ts'
import { besideUs, type Fetch } from './beside.ts'
import { replyToFault } from './faults.ts'
import { requestLogOf, type Log } from './log.ts'
import { Metrics } from './metrics.ts'
import type { Room } from './pipeline.ts'
import { RateLimit, WindowLimit } from './rate-limit.ts'
import { createRouter, isOurs } from './router.ts'
import { routes } from './routes/index.ts'
import { asResponse } from './send.ts'
import { Sockets, type Listening } from './sockets.ts'
import { Urgencies, type Urgency } from './urgency.ts'
import { UsageStreams } from './usage-streams.ts'
import { mint } from '@headroom/engine'

export interface ServerOptions {
  engine: EngineInterface
  log: Log
  /** Names the running build in /healthz and /openapi.json. */
  build?: string
  /** Requests per second and key; null: keys are not limited. Browser tokens always are. */
  rateLimit?: number | null
  testClock?: boolean
  /** How often the books are rebuilt from their ledger and compared; null: only when somebody asks for it. */
  auditEveryMs?: number | null
  /** Whose disk the figures tell of. */
  dataDir?: string
  /** Awaited after every setting of the test clock: what else goes by it catches up before the answer. */
  onClock?: () => Promise<void>
  /** Without it nothing is sold: its routes are not there, and prices are the catalog's. */
  money?: Money | null
  /** While it says why not, /readyz does too. */
  notYet?: () => string | null
  /** Takes every path that is not ours: the app beside us in the same process. */
  elsewhere?: Fetch
  /** How urgent a request for it is; default: usual. `first` is never turned away. */
  elsewhereUrgency?: (request: Request) => Urgency
}

export interface Server {
  listen(port: number, host: string): Promise<Listening>
  /** Not ready from here on; streams end. `stop` follows. */
  drain(): void
  /** Drains, lets running requests end within 10 s and closes. The engine is its owner's to stop. */
  stop(): Promise<void>
}

const tokenRequestsPerSecond = 50
const checkoutsPerMinute = 10
/** Of the six connections for reading: two are left for who asks, what is bought and what is due. */
const laterAtOnce = 4
/** The app beside us has connections of its own, and what takes its time there is people's uploads. */
const laterBeside = 32

export function createServer(options: ServerOptions): Server {
  const { engine, log, money = null, build = 'dev', rateLimit = null, testClock = false, elsewhere } = options
  const { notYet = () => null, auditEveryMs = null, dataDir = null, onClock = () => Promise.resolve() } = options
  const stopping = new AbortController()
  const metrics = new Metrics(build)
  const watch = new BooksWatch(engine, log)
  if (auditEveryMs !== null) watch.start(auditEveryMs)
  const room: Room = {
    engine,
    money,
    log,
    requestLog: requestLogOf(log),
    metrics,
    auth: new Auth(engine, (address) => log.warn({ address }, 'too many wrong keys')),
    keyLimit: rateLimit === null ? null : new RateLimit(rateLimit, 1000),
    tokenLimit: new RateLimit(tokenRequestsPerSecond, 1000),
    checkoutLimit: new WindowLimit(checkoutsPerMinute, 60_000),
    urgencies: new Urgencies(laterAtOnce),
    watch,
    dataDir,
    stopping: stopping.signal,
    notYet,
    onClock: () => onClock().catch((fault: unknown) => log.error({ err: fault }, 'after the test clock was set')),
    streams: new UsageStreams({
      engine,
      stopping: stopping.signal,
      count: (change) => metrics.streams.inc(change),
      onFault: (fault) => log.warn({ err: fault }, 'stream ended'),
    }),
  }
  const router = createRouter(room, routes({ testClock, money: money !== null }), build)
  const failed = (fault: unknown): Response => {
    const requestId = mint('req')
    return asResponse(replyToFault(fault, requestId, log), requestId, stopping.signal.aborted)
  }
  const beside = elsewhere && besideUs(inTurn(elsewhere, options.elsewhereUrgency), failed)
  const sockets = new Sockets((incoming, outgoing, target) => {
    // Also where the app beside us answers: the connection ends with this one.
    if (stopping.signal.aborted) outgoing.shouldKeepAlive = false
    if (beside && !isOurs(target.path)) return beside(incoming, outgoing)
    return router(incoming, outgoing, target).catch((fault: unknown) => {
      log.error({ err: fault }, 'an answer could not be sent')
      outgoing.destroy()
    })
  })
  return {
    listen: (port, host) => sockets.listen(port, host),
    drain: () => stopping.abort(),
    async stop() {
      stopping.abort()
      watch.stop()
      await sockets.stop()
    },
  }
}

/**
 * The app beside us has places of its own: it asks us while it answers, and must not wait for a place that it holds itself.
 */
function inTurn(elsewhere: Fetch, urgencyOf: (request: Request) => Urgency = () => 'usual'): Fetch {
  const urgencies = new Urgencies(laterBeside)
  return async (request, env) => {
    const urgency = urgencyOf(request)
    const refusal = urgencies.refusal(urgency)
    if (refusal) throw await refusal
    return urgencies.pass(urgency, async () => elsewhere(request, env))
  }
}
