/** One run: the stage, the clients, the faults, the checker; and a quiet end in which everything unknown becomes known. */
import type pg from 'pg'
import { runBatches } from './batches.ts'
import { bundleServer, type Replacement } from './bundle.ts'
import { runBuyers } from './buyers.ts'
import { Caller } from './caller.ts'
import { cast, firstInstant } from './cast.ts'
import { Chance } from './chance.ts'
import { checkAll, type CatalogBody } from './checker/check.ts'
import { reachedInBooks } from './checker/reached.ts'
import { connectChecker, readAll, type Snapshot } from './checker/rows.ts'
import { Violations, type Violation } from './checker/violations.ts'
import { Watch } from './checker/watch.ts'
import { runClock, setClock } from './clock.ts'
import { keepEvidence } from './evidence.ts'
import { startFaults, type Faults } from './faults.ts'
import { History } from './history.ts'
import { runJobs } from './jobs.ts'
import { runPlanners } from './planners.ts'
import { runReaders } from './readers.ts'
import { untilReady } from './server-process.ts'
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
  log?: (line: string) => void
}

export interface Report {
  seed: number
  seconds: number
  operations: Map<string, number>
  faults: Map<string, number>
  states: States
  looks: number
  violations: Violation[]
  /** Beyond those kept. */
  moreViolations: number
  /** Where all that is known of the workspaces concerned was written to; null where nothing was violated. */
  evidence: string | null
}

/** How long after the end clients may still ask for what they do not know, and the product may still work things off. */
const graceMs = 45_000

export async function torture({
  seconds,
  seed,
  planted,
  serverFile,
  faults: chosen,
  isDone = () => false,
  log = () => {},
}: TortureOptions): Promise<Report> {
  const built = serverFile === undefined ? await bundleServer(planted) : null
  const stage = await setStage(serverFile ?? built!.file)
  const history = new History()
  const states = new States()
  const violations = new Violations()
  const watch = new Watch(stage.adminUrl, violations)
  const ends = Date.now() + seconds * 1000
  const callers: Caller[] = []
  const world: World = {
    states,
    now: Date.parse(firstInstant),
    edges: [],
    periodEnds: new Map(),
    isOver: () => Date.now() > ends || isDone(),
    caller: (name) => {
      const ports = stage.clientLines.map(({ port }) => port)
      const caller = new Caller({
        history,
        ports,
        apiKey: stage.apiKey,
        chance: Chance.of(seed, name),
        name,
        deadline: () => ends + graceMs,
      })
      callers.push(caller)
      return caller
    },
  }
  try {
    const operator = world.caller('operator')
    await createWorkspaces(world, operator)
    log('The stage is set, the workspaces are there.')
    const control = world.caller('control')
    const faults =
      chosen?.(stage, control, states) ??
      startFaults({ stage, chance: Chance.of(seed, 'faults'), caller: control, states })
    const looking = lookAgain(watch, world)
    await Promise.all(clients(world, history))
    await faults.end()
    await looking
    log('The clients have ended; what is unknown becomes known.')
    const client = await comeToRest(stage, world, operator)
    await watch.look()
    const { snapshot, customers } = await readWhole(client)
    await client.end()
    const catalog = answerOf<CatalogBody>(
      await operator.call(null, 'catalog', { method: 'GET', path: '/v1/catalog' }),
    )!.body
    checkAll({ snapshot, customers }, history, catalog, violations, states)
    sayFaultsOfServers(stage, violations)
    reachedInBooks(snapshot, history, states)
    const { found, more } = violations
    const evidence = await keepEvidence(
      found,
      snapshot,
      history,
      seed,
      Object.fromEntries(stage.servers.map(({ name, said }) => [name, said])),
    )
    return {
      seed,
      seconds,
      operations: countOf(history),
      faults: faults.counts,
      states,
      looks: watch.looks,
      violations: found,
      moreViolations: more,
      evidence,
    }
  } finally {
    for (const caller of callers) caller.close()
    await watch.close()
    await stage.stop()
    await built?.remove()
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

async function createWorkspaces(world: World, operator: Caller): Promise<void> {
  await setClock(world, operator, { now: firstInstant })
  for (const { id, plan, contacts, anchor } of cast) {
    const body = { id, name: `Torture ${id}`, plan, ...(contacts !== null && { contacts }), anchor }
    const call = await operator.call(id, 'workspace', { method: 'POST', path: '/v1/workspaces', body })
    if (call.answer === null || call.answer.status > 201)
      throw new Error(`${id} could not be made: ${call.answer?.text}`)
  }
}

async function lookAgain(watch: Watch, world: World): Promise<void> {
  while (!world.isOver()) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await watch.look()
  }
}

/** Both servers anew, every purchase looked at, and time for what is due: then nothing is on its way any more. */
async function comeToRest(stage: Stage, world: World, operator: Caller): Promise<pg.Client> {
  await Promise.all(stage.servers.map((server) => server.stop()))
  for (const server of stage.servers) server.start()
  await Promise.all(stage.servers.map(({ port }) => untilReady(port)))
  const client = await connectChecker(stage.adminUrl)
  await setClock(world, operator, { advance: 'PT1H' })
  const { rows } = await client.query<{ workspace: string; id: string }>(
    'select workspace_id as workspace, id from purchases',
  )
  for (const { workspace, id } of rows) {
    await operator.call(workspace, 'reconcile', {
      method: 'POST',
      path: `/v1/workspaces/${workspace}/purchases/${id}/reconcile`,
      body: {},
    })
  }
  await until(async () => (await countOfRows(client, 'select count(*) from inbox where state = 0')) === 0)
  // Nobody asks about any workspace now: what is overdue is the sweeper's.
  await setClock(world, operator, { advance: 'P2D' })
  const overdue = `select count(*) from reservations where state = 0 and expires_at <= (select now from test_clock)`
  await until(async () => (await countOfRows(client, overdue)) === 0)
  await until(async () => (await countOfRows(client, 'select count(*) from inbox where state = 0')) === 0)
  return client
}

/** What has not come about by then is a violation that the checker finds. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + graceMs
  while (Date.now() < last && !(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200))
}

const countOfRows = async (client: pg.Client, sql: string): Promise<number> =>
  Number((await client.query<{ count: string }>(sql)).rows[0]!.count)

async function readWhole(client: pg.Client): Promise<{ snapshot: Snapshot; customers: Map<string, string> }> {
  const { rows } = await client.query<{ workspace_id: string; customer: string }>(
    'select workspace_id, customer from customers where customer is not null',
  )
  return {
    snapshot: await readAll(client),
    customers: new Map(rows.map(({ workspace_id, customer }) => [workspace_id, customer])),
  }
}

function sayFaultsOfServers({ servers }: Stage, violations: Violations): void {
  for (const { name, faults } of servers) {
    for (const said of faults) violations.add('I12', null, `server ${name} ended by itself: ${said.join('\n')}`)
  }
}

function countOf({ calls }: History): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { kind, answer } of calls) {
    const what = `${kind} ${answer?.status ?? 'unknown'}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return counts
}
