/**
 * The same work on young books (10,000 workspaces, nothing booked yet) and on grown ones (1,000,000 workspaces, 10,000,000 ledger
 * entries), in turn: does it become slower because there is more? BENCH_GROWTH is the share of the full size, 1 where not said.
 */
import { startEngine } from '@headroom/engine'
import { makeDatabase, type Database } from './database.ts'
import { isNoisy, ratioOf, result, type Measured } from './figures.ts'
import { auditSample, isBookedInFull, sizes } from './growth-checks.ts'
import { copyName, fillByCopying } from './growth-fill.ts'
import { catalog, createWorkspace, liveTenEntries, reserveAndCommit } from './growth-history.ts'
import { readings, work, type Books } from './growth-load.ts'
import type { Bench, Ratio, Section } from './section.ts'

const scale = Number(process.env['BENCH_GROWTH'] ?? 1)
const copies = Math.max(20_000, Math.round(1_000_000 * scale))
const active = 10_000
const callerCounts = [64, 2_000]
/** One workspace of the grown books has a long ledger of its own. */
const busy = { workspace: 'ws_busy', pairs: 25_000 }

export async function growth(bench: Bench): Promise<Section> {
  const young = await makeDatabase(bench.postgres, 'bench_growth_young')
  const grown = await makeDatabase(bench.postgres, 'bench_growth_grown')
  await grow(grown, bench)
  const engines = { young: await open(young), grown: await open(grown) }
  try {
    await inThousands(active, (index) => createWorkspace(engines.young, copyName(index)))
    await createWorkspace(engines.grown, busy.workspace)
    await inThousands(busy.pairs, (index) => reserveAndCommit(engines.grown, busy.workspace, `res_${index}`))
    const step = Math.floor(copies / active)
    const sinceWork = Date.now()
    const tenDaysAgo = sinceWork - 10 * 86_400_000
    const books = {
      young: { engine: engines.young, workspace: copyName, active, past: sinceWork },
      grown: { engine: engines.grown, workspace: (index: number) => copyName(index * step), active, past: tenDaysAgo },
      everywhere: { engine: engines.grown, workspace: copyName, active: copies, past: tenDaysAgo },
    }
    const section = await measureGrowth(bench, books, { young, grown })
    const long = { engine: engines.grown, workspace: () => busy.workspace, active: 1, past: sinceWork }
    section.results.push(...(await readings(books.young, 'young books')))
    section.results.push(...(await readings(books.everywhere, 'grown books')))
    section.results.push(...(await readings(long, `a workspace of ${busy.pairs * 2} entries`)))
    const sample = Array.from({ length: 500 }, (_, index) => books.grown.workspace(index * 7))
    await auditSample(grown.ownerUrl, [...sample, busy.workspace])
    return section
  } finally {
    await Promise.all([engines.young.stop(), engines.grown.stop()])
    await young.drop()
    await grown.drop()
  }
}

const open = ({ url, ownerUrl }: Database) => startEngine({ databaseUrl: url, ownerUrl, catalog })

/** A hundred workspaces live through the engine, on the test clock; the rest are their copies. */
async function grow(database: Database, bench: Bench): Promise<void> {
  const { url, ownerUrl } = database
  const start = performance.now()
  const templates = Array.from({ length: 100 }, (_, index) => `template_${index}`)
  const past = await startEngine({ databaseUrl: url, ownerUrl, catalog, testClock: true, sweeper: false })
  try {
    await liveTenEntries(past, templates)
  } finally {
    await past.stop()
  }
  await fillByCopying(ownerUrl, { templates, copies })
  const seconds = Math.round((performance.now() - start) / 1000)
  bench.log(`filled ${copies} workspaces and ${copies * 10} ledger entries in ${seconds} s`)
  for (const line of await sizes(database.adminUrl)) bench.log(line)
}

async function inThousands(count: number, one: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    await Promise.all(Array.from({ length: Math.min(1_000, count - from) }, (_, index) => one(from + index)))
  }
}

type Place = 'young' | 'grown' | 'everywhere'
const workloads: Record<Place, { contender: string; workload: string }> = {
  young: { contender: 'young books', workload: 'growth, 10,000 active' },
  grown: { contender: 'grown books', workload: 'growth, 10,000 active' },
  everywhere: { contender: 'grown books', workload: 'growth, all active' },
}

async function measureGrowth(
  bench: Bench,
  books: Record<Place, Books>,
  databases: Record<'young' | 'grown', Database>,
): Promise<Section> {
  const runs = callerCounts.flatMap((callers) =>
    (Object.keys(workloads) as Place[]).map((place) => ({ place, callers, rounds: [] as Measured[] })),
  )
  // A checkpoint once, not before each run: after one, whatever page is touched first is logged whole, and grown books have more
  // pages to touch. Round 0 pays for that, as a server pays once in its checkpoint's half hour.
  const check = await isBookedInFull(databases)
  for (let round = 0; round <= bench.rounds; round++) {
    for (const { place, callers, rounds } of runs) {
      const measured = await work(books[place], callers, bench.seconds, `${place}_${callers}_${round}`)
      await check(place === 'young' ? 'young' : 'grown', measured.operations)
      const { contender, workload } = workloads[place]
      bench.log(`round ${round}, ${contender}, ${workload}, ${callers} callers: ${Math.round(measured.opsPerSecond)}/s`)
      if (round > 0) rounds.push(measured)
    }
  }
  const roundsOf = (place: Place, callers: number) =>
    runs.find((run) => run.place === place && run.callers === callers)!.rounds
  const against = (place: Place) =>
    callerCounts.map((callers) => ratioOf(roundsOf(place, callers), roundsOf('young', callers)))
  return {
    results: runs.map(({ place, callers, rounds }) => result({ ...workloads[place], callers }, rounds)),
    ratios: ratiosOf(against('grown'), against('everywhere')),
    noisy: runs
      .filter(({ place, rounds }) => place === 'young' && isNoisy(rounds))
      .map(({ callers }) => `young books, ${callers} callers`),
  }
}

/** The worse of the two caller counts. */
function ratiosOf(grown: number[], everywhere: number[]): Ratio[] {
  const size = `${copies.toLocaleString('en')} workspaces, ${(copies * 10).toLocaleString('en')} entries`
  const each = (ratios: number[]) =>
    ratios.map((ratio, index) => `${callerCounts[index]} callers ${ratio.toFixed(2)}`).join(', ')
  return [
    {
      name: 'growth',
      value: Math.min(...grown),
      goal: { atLeast: 0.85 },
      note: `${size}, 10,000 of them active; ${each(grown)}`,
    },
    {
      name: 'growthAllActive',
      value: Math.min(...everywhere),
      goal: null,
      note: `all of them active; ${each(everywhere)}`,
    },
  ]
}
