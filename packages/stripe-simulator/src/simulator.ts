/** The room: options go in, a Stripe comes out. */
import { Hono } from 'hono'
import { Beat } from './beat.ts'
import { answerApi, faultResponse } from './api.ts'
import { answerControl, controlRoutes } from './control.ts'
import { Delivery, type Endpoint } from './delivery.ts'
import { StripeFault } from './fault.ts'
import { answerPage } from './pages/answer.ts'
import { Misbehaviour } from './misbehaviour.ts'
import { pageRoutes, simRoutes } from './routes.ts'
import { settleAll, settleDue } from './settle.ts'
import { Store } from './store.ts'

export interface SimulatorOptions {
  /** May make the schema stripe_simulator. */
  databaseUrl: string
  /** Of the hosted pages, with the mount, without a slash at the end: http://localhost:3000/stripe-simulator */
  publicUrl: string
  /** What is taken off request paths: '' or '/stripe-simulator'. */
  mount: string
  clock: SimulatorClock
  /** Where signed events go. */
  webhook: Endpoint
  log?: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}

export interface SimulatorClock {
  /** Milliseconds since 1970. */
  now(): Promise<number>
  /** An ISO 8601 duration; the new instant in milliseconds. */
  advance(duration: string): Promise<number | 'backwards' | 'bad_duration'>
  /** false: real time, which nobody advances. */
  moving: boolean
}

export interface Simulator {
  /** Stripe's API at /v1, its hosted pages, the control calls at /_sim. Never rejects. */
  fetch(request: Request): Promise<Response>
  /** From here on events are delivered and the clock is looked at: about five times a second where it is moved, or an event waits. */
  start(): void
  /** Everything due by the clock is done, and the events that are due are sent. */
  settle(): Promise<void>
  /** Ends deliveries and hanging answers; nothing is lost. */
  stop(): Promise<void>
}

const busyMs = 200
const idleMs = 5_000

export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, log = () => undefined } = options
  const stopping = new AbortController()
  const now = (): Promise<number> => clock.now()
  const store = await Store.open({ databaseUrl: options.databaseUrl, clock: now, publicUrl: options.publicUrl })
  const delivery = new Delivery(store, options.webhook, now, stopping.signal)
  const settle = async (): Promise<void> => {
    await store.transaction(settleAll)
    await delivery.sendDue()
  }
  const app = router(options, store, settle, stopping.signal)
  const onFault = (fault: unknown): void => log('warn', 'the Stripe simulator could not settle', { err: fault })
  // A clock that somebody moves is looked at often. In real time nothing is due to the second.
  const time = new Beat(watchClock(store, now), onFault, () => (clock.moving ? busyMs : idleMs))
  // New events ask for a round themselves; what waits to be tried again waits for its instant.
  const deliveries = new Beat(
    () => delivery.sendDue(),
    onFault,
    () => (clock.moving || delivery.hasWaiting ? busyMs : idleMs),
  )
  store.onEvents = () => deliveries.now()

  return {
    async fetch(request) {
      try {
        return await app.fetch(request)
      } catch (fault) {
        log('error', 'the Stripe simulator failed', { err: fault })
        return faultResponse(unexpected(fault), 'req_unknown')
      }
    },
    start() {
      time.start()
      deliveries.start()
    },
    settle,
    async stop() {
      stopping.abort()
      await Promise.all([time.stop(), deliveries.stop()])
      await store.close()
    },
  }
}

/** Settles when the clock shows another second than the last time: nothing is due that was not due then. */
function watchClock(store: Store, now: () => Promise<number>): () => Promise<void> {
  let settled = 0
  return async () => {
    const second = Math.floor((await now()) / 1000)
    if (second === settled) return
    await store.transaction(settleDue)
    settled = second
  }
}

function router(options: SimulatorOptions, store: Store, settle: () => Promise<void>, stopping: AbortSignal): Hono {
  const { mount, clock, log = () => undefined } = options
  const misbehaviour = new Misbehaviour(store, stopping)
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname.slice(mount.length) || '/' })
  for (const route of simRoutes) {
    app.on(route.method, route.path, async (context) => {
      const request = context.req.raw
      return (await misbehaviour.instead(request)) ?? answerApi(store, route, request, context.req.param())
    })
  }
  for (const route of pageRoutes) {
    app.on(route.method, route.path, (context) => answerPage(store, route, context.req.raw, context.req.param()))
  }
  for (const route of controlRoutes) {
    app.on(route.method, route.path, (context) =>
      answerControl({ store, clock, settle }, route, context.req.raw, context.req.param()),
    )
  }
  app.notFound((context) => {
    const path = context.req.path
    const message = `Unrecognized request URL (${context.req.method}: ${path}). This simulator answers what Headroom asks of Stripe.`
    return faultResponse(new StripeFault(404, { type: 'invalid_request_error', message }), 'req_unknown')
  })
  app.onError((fault) => {
    log('error', 'the Stripe simulator failed', { err: fault })
    return faultResponse(unexpected(fault), 'req_unknown')
  })
  return app
}

const unexpected = (fault: unknown): StripeFault =>
  new StripeFault(500, {
    type: 'api_error',
    message: `The simulator failed: ${fault instanceof Error ? fault.message : String(fault)}`,
  })
