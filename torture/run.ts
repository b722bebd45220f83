/** One run: the stage, the clients, the faults, the checker; and a quiet end in which everything unknown becomes known. */
import { runBatches } from './batches.ts'
import { bundleServer, type Replacement } from './bundle.ts'
import { runBuyers } from './buyers.ts'
import { Caller } from './caller.ts'
import { cast, firstInstant } from './cast.ts'
import { Chance } from './chance.ts'
import { checkAtRest, type CatalogBody } from './checker/check.ts'
import { reachedInBooks } from './checker/reached.ts'
import { Violations, type Violation } from './checker/violations.ts'
import { Watch } from './checker/watch.ts'
import { runClock, setClock } from './clock.ts'
import { keepEvidence } from './evidence.ts'
import { startFaults, type Faults } from './faults.ts'
import { History } from './history.ts'
import { runJobs } from './jobs.ts'
import { runPlanners } from './planners.ts'
import { runReaders } from './readers.ts'
import { comeToRest } from './rest.ts'
import { Single } from './singles.ts'
import { setStage, type Stage } from './stage.ts'
import { States } from './states.ts'
import { runSubscribers } from './subscribers.ts'
import { answerOf, type World } from './world.ts'

export interface TortureOptions {
  seconds: number
  seed: number
  /** A bug to plant in the servers. */
  planted?: readonly Replacement[]
  /** Already built, of somebody who runs it several times. */
  serverFile?: string
  /** Instead of the usual faults. */
  faults?: (stage: Stage, caller: Caller, states: States) => Faults
  /** Ends the run before its time. */
  isDone?: () => boolean
  /** For somebody who only wants to know whether there is one: it ends with the first violation, at once, and keeps no evidence. */
  stopsAtFirst?: boolean
  log?: (line: string) => void
}

export interface Report {
  seed: number
  seconds: number
  operations: Map<string, number>
  faults: Map<string, number>
  states: States
  looks: number
  wholeLooks: number
  violations: Violation[]
  /** Beyond those kept. */
  moreViolations: number
  /** Where all that is known of the workspaces concerned was written to; null where nothing was violated, or nobody asked for it. */
  evidence: string | null
}

/** How long after the end, when nothing is broken any more, clients may still ask for what they do not know. */
const graceMs = 45_000
/** No run takes longer than so long beyond its time, whatever is wrong. */
const longestEndMs = 300_000
const setUpMs = 60_000

export async function torture(options: TortureOptions): Promise<Report> {
  const built = options.serverFile === undefined ? await bundleServer(options.planted) : null
  try {
    const stage = await setStage(options.serverFile ?? built!.file)
    const run = new Run(stage, options)
    try {
      return await withinTime(run.run(), options.seconds * 1000 + setUpMs + longestEndMs)
    } finally {
      await run.end()
    }
  } finally {
    await built?.remove()
  }
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The run has not come to its end within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

class Run {
  readonly #stage: Stage
  readonly #options: TortureOptions
  readonly #history = new History()
  readonly #states = new States()
  readonly #violations = new Violations()
  readonly #watch: Watch
  readonly #callers: Caller[] = []
  readonly #world: World
  #faults: Faults | undefined
  /** When no new work begins any more, and when nobody asks again. */
  #ends = Infinity
  #gracePeriodEnds = Date.now() + setUpMs

  constructor(stage: Stage, options: TortureOptions) {
    this.#stage = stage
    this.#options = options
    this.#watch = new Watch(stage.adminUrl, this.#violations)
    const { isDone = () => false, stopsAtFirst = false } = options
    this.#world = {
      states: this.#states,
      now: Date.parse(firstInstant),
      edges: [],
      periodEnds: new Map(),
      isOver: () => Date.now() > this.#ends || isDone() || (stopsAtFirst && this.#violations.found.length > 0),
      caller: (name) => this.#caller(name),
    }
  }

  #caller(name: string): Caller {
    const { clientLines, apiKey } = this.#stage
    const caller = new Caller({
      history: this.#history,
      ports: clientLines.map(({ port }) => port),
      apiKey,
      chance: Chance.of(this.#options.seed, name),
      name,
      deadline: () => this.#gracePeriodEnds,
    })
    this.#callers.push(caller)
    return caller
  }

  /** Resolves once everything has been checked, or once there is a violation and nobody wants to know more. */
  async run(): Promise<Report> {
    const { seconds, seed, stopsAtFirst = false, faults: chosen, log = () => {} } = this.#options
    const operator = this.#caller('operator')
    const catalog = await this.#prepare(operator)
    this.#ends = Date.now() + seconds * 1000
    this.#gracePeriodEnds = this.#ends + graceMs
    log('The stage is set, the workspaces are there.')
    const [states, stage] = [this.#states, this.#stage]
    const caller = this.#caller('control')
    const faults =
      chosen?.(stage, caller, states) ?? startFaults({ stage, chance: Chance.of(seed, 'faults'), caller, states })
    this.#faults = faults
    const working = Promise.all(clients(this.#world, this.#history))
    working.catch(() => {})
    await this.#lookAgain(catalog)
    if (stopsAtFirst && this.#violations.found.length > 0) return this.#report(faults, null)
    await Promise.all([working, faults.end()])
    this.#faults = undefined
    log('The clients have ended; what is unknown becomes known.')
    this.#gracePeriodEnds = Date.now() + 2 * graceMs
    const { snapshot, customers } = await comeToRest(stage, this.#world, operator)
    await this.#watch.look()
    checkAtRest(snapshot, { calls: this.#history.calls, catalog }, customers, this.#violations, states)
    this.#sayFaultsOfServers()
    reachedInBooks(snapshot, this.#history, states)
    const said = Object.fromEntries(stage.servers.map(({ name, said }) => [name, said]))
    const { found } = this.#violations
    const evidence = stopsAtFirst ? null : await keepEvidence(found, snapshot, this.#history, seed, said)
    return this.#report(faults, evidence)
  }

  #report({ counts: faults }: Faults, evidence: string | null): Report {
    const { seconds, seed } = this.#options
    const { found: violations, more: moreViolations } = this.#violations
    const { looks, wholeLooks } = this.#watch
    const operations = countOf(this.#history)
    const states = this.#states
    return { seed, seconds, operations, faults, states, looks, wholeLooks, violations, moreViolations, evidence }
  }

  /** Whatever is still on its way is left alone, and everything is taken away. */
  async end(): Promise<void> {
    this.#ends = 0
    this.#gracePeriodEnds = 0
    for (const caller of this.#callers) caller.close()
    await this.#watch.close()
    await this.#stage.stop()
    void this.#faults?.end().catch(() => {})
  }

  /** The workspaces, and what they may be sold. */
  async #prepare(operator: Caller): Promise<CatalogBody> {
    await setClock(this.#world, operator, { now: firstInstant })
    for (const { id, plan, contacts, anchor } of cast) {
      const body = { id, name: `Torture ${id}`, plan, ...(contacts !== null && { contacts }), anchor }
      const call = await operator.call(id, 'workspace', { method: 'POST', path: '/v1/workspaces', body })
      if (call.answer === null || call.answer.status > 201)
        throw new Error(`${id} could not be made: ${call.answer?.text ?? 'nobody answered'}`)
    }
    const asked = await operator.call(null, 'catalog', { method: 'GET', path: '/v1/catalog' })
    const catalog = answerOf<CatalogBody>(asked)
    if (catalog?.status !== 200)
      throw new Error(`The catalog could not be read: ${asked.answer?.text ?? 'nobody answered'}`)
    return catalog.body
  }

  /** Until the run is over; at everything as often as it costs little of the time. */
  async #lookAgain(catalog: CatalogBody): Promise<void> {
    const pauseMs = this.#options.stopsAtFirst ? 400 : 1_000
    for (let next = Date.now() + 2_000; !this.#world.isOver();) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      await this.#watch.look()
      const begun = Date.now()
      if (begun < next) continue
      await this.#watch.lookAtAll(this.#history, catalog)
      const share = this.#options.stopsAtFirst ? 4 : 20
      next = Date.now() + Math.max(pauseMs, share * (Date.now() - begun))
    }
  }

  #sayFaultsOfServers(): void {
    for (const { name, faults } of this.#stage.servers) {
      for (const said of faults) this.#violations.add('I12', null, `server ${name} ended by itself: ${said.join('\n')}`)
    }
  }
}

function clients(world: World, history: History): Promise<void>[] {
  return [
    ...Array.from({ length: 8 }, (_, n) => new Single(world, `s${n}`).run()),
    ...['j0', 'j1', 'j2'].map((name) => runJobs(world, name)),
    ...['b0', 'b1'].map((name) => runBatches(world, history, name)),
    ...['c0', 'c1', 'c2', 'c3'].map((name) => runBuyers(world, name)),
    runSubscribers(world, 'p0'),
    runPlanners(world, 'm0'),
    ...['r0', 'r1'].map((name) => runReaders(world, name)),
    runClock(world, 't0'),
  ]
}

function countOf({ calls }: History): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { kind, answer } of calls) {
    const what = `${kind} ${answer?.status ?? 'unknown'}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return counts
}
