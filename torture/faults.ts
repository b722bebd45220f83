/** What is done to the surroundings while the clients work. Which, and in which order, the seed says; when exactly, the machine. */
import type { Caller } from './caller.ts'
import type { Chance } from './chance.ts'
import { crashPoints, passingOf } from './crash-points.ts'
import type { Ending, ServerProcess } from './server-process.ts'
import type { Stage } from './stage.ts'
import type { States } from './states.ts'

export interface Faults {
  counts: Map<string, number>
  /** Nothing new begins, what is broken is whole again, and every server runs. */
  end(): Promise<void>
}

export interface FaultOptions {
  stage: Stage
  chance: Chance
  /** For the control calls of the simulated Stripe. */
  caller: Caller
  states: States
  /** Longest pause between two faults. */
  mostPauseMs?: number
}

type Fault = () => Promise<void>

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export function startFaults({ stage, chance, caller, states, mostPauseMs = 1_500 }: FaultOptions): Faults {
  const counts = new Map<string, number>()
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1)
  const running = new Set<Promise<void>>()
  let isOver = false

  const restarted = (server: ServerProcess): void => {
    // Some of them are to die at a point of their own.
    if (!isOver && chance.percent(60)) {
      const point = chance.oneOf(crashPoints)
      server.arm(point, passingOf(point, chance))
    }
    server.start()
  }
  for (const server of stage.servers) {
    server.onEnd = (how: Ending) => {
      count(endings[how])
      if (how === 'crash point') states.reach('a server that died at a crash point')
      // Where the database is away it ends again at once: not in a circle without rest.
      setTimeout(() => void (server.isRunning || restarted(server)), how === 'crash point' ? 0 : 200)
    }
  }
  const server = (): ServerProcess => chance.oneOf(stage.servers)
  const databaseLine = () => chance.oneOf(stage.databaseLines)
  const clientLine = () => chance.oneOf(stage.clientLines)

  const faults: readonly (readonly [number, string, Fault])[] = [
    [4, 'server killed', async () => restart(server(), 'kill')],
    [2, 'server stopped by SIGTERM', async () => restart(server(), 'stop')],
    [0.8, 'PostgreSQL killed', async () => stage.killPostgres()],
    [2, 'server frozen', async () => frozen(server(), chance.whole(100, 1_800))],
    [4, 'database connections cut', async () => databaseLine().cut()],
    [2, 'database line stalled', async () => held(databaseLine(), chance.whole(100, 1_800))],
    [3, 'database line delayed', async () => delayed(databaseLine(), chance.whole(2, 40), chance.whole(300, 1_500))],
    [4, 'database answers lost', async () => mute(databaseLine(), chance.whole(20, 200))],
    // Longer than the product tries again, at times.
    [1.5, 'database unreachable', async () => refused(databaseLine(), chance.whole(100, 4_500))],
    [5, 'client connections cut', async () => clientLine().cut()],
    [6, 'answers lost', async () => mute(clientLine(), chance.whole(50, 500))],
    [2, 'client line stalled', async () => held(clientLine(), chance.whole(100, 1_000))],
    [2, 'client line delayed', async () => delayed(clientLine(), chance.whole(5, 60), chance.whole(300, 1_500))],
    [2, 'Stripe slow', async () => stripe({ latencyMs: chance.whole(50, 1_500) }, { latencyMs: 0 })],
    [1, 'Stripe answers an error', async () => stripe({ status: chance.oneOf([429, 500, 503]) }, { status: null })],
    [1, 'Stripe hangs', async () => stripe({ hang: true }, { hang: false })],
    [1, 'Stripe breaks off', async () => stripe({ reset: true }, { reset: false })],
    [1, 'Stripe talks nonsense', async () => stripe({ malformed: true }, { malformed: false })],
    [5, 'webhooks disturbed', async () => webhooks()],
  ]

  async function restart(one: ServerProcess, how: 'kill' | 'stop'): Promise<void> {
    await one[how]()
    await pause(chance.whole(0, 400))
    if (!one.isRunning) restarted(one)
  }

  async function frozen(one: ServerProcess, ms: number): Promise<void> {
    one.freeze()
    await pause(ms)
    one.thaw()
  }

  async function stripe(broken: object, whole: object): Promise<void> {
    await caller.stripe('faults', broken)
    await pause(chance.whole(200, 1_200))
    await caller.stripe('faults', whole)
  }

  async function webhooks(): Promise<void> {
    const disturbed = chance.oneOf([
      { duplicate: 3 },
      { reorder: true },
      { drop: 0.3 },
      { drop: 1 },
      { paused: true },
      { delayMs: 2_000 },
    ])
    await caller.stripe('webhooks', disturbed)
    await pause(chance.whole(300, 1_800))
    await caller.stripe('webhooks', calmWebhooks)
  }

  async function play(): Promise<void> {
    while (!isOver) {
      await pause(chance.whole(30, mostPauseMs))
      const [, what, fault] = chance.weighted(faults.map((one) => [one[0], one] as const))
      if (isOver) return
      count(what)
      const work = fault().catch(() => {})
      running.add(work)
      void work.finally(() => running.delete(work))
      // Two at a time, not more: else nothing gets done at all.
      if (running.size >= 2) await Promise.race(running)
    }
  }
  const playing = play()

  return {
    counts,
    async end() {
      isOver = true
      await playing
      await Promise.all(running)
      for (const one of stage.servers) if (!one.isRunning) one.start()
      await caller.stripe('faults', { latencyMs: 0, status: null, hang: false, reset: false, malformed: false })
      await caller.stripe('webhooks', calmWebhooks)
    },
  }
}

const endings: Record<Ending, string> = {
  'crash point': 'server killed at a crash point',
  'without a database': 'server found no database to start with',
  'by itself': 'server ended by itself',
}

const calmWebhooks = { duplicate: 0, delayMs: 0, reorder: false, drop: 0, paused: false }

type Faulty = Stage['databaseLines'][number]

async function held(line: Faulty, ms: number): Promise<void> {
  line.stall(true)
  await pause(ms)
  line.stall(false)
}

async function delayed(line: Faulty, byMs: number, ms: number): Promise<void> {
  line.delay(byMs)
  await pause(ms)
  line.delay(0)
}

async function refused(line: Faulty, ms: number): Promise<void> {
  line.refuse(true)
  line.cut()
  await pause(ms)
  line.refuse(false)
}

async function mute(line: Faulty, ms: number): Promise<void> {
  line.loseAnswers(true)
  await pause(ms)
  line.loseAnswers(false)
}
