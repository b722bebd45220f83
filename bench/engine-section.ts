import { startContenders, type Running } from './contenders.ts'
import type { Contender } from './contender.ts'
import { inGoals, ratiosOf } from './engine-ratios.ts'
import { isNoisy, result, type Measured } from './figures.ts'
import { lineup, type Turn, type TurnName, type Who } from './lineup.ts'
import { measure, measureBeside } from './load.ts'
import type { Bench, Section } from './section.ts'

const workspaces = 10_000
/** What no goal speaks of runs for a part of the time. */
const brief = 0.4
const probed = [4, 16, 64, 256]
const legend = [
  'One operation is a reserve or a commit: durable, with hold, ledger entry and a record that makes a repeat harmless.',
  'rate-limiter-flexible counts and nothing else: no hold, no ledger, no repeats; its operation is one consume.',
  'cold beside hot: one caller on cold workspaces while 2,000 are at the hot one; only the one is measured.',
]

/**
 * The engine in process beside what people would pick instead. In each round everybody takes its turns next to the others'; the
 * books are checked after every run and counted again entry by entry at the end; between runs the database is tidied.
 */
export async function engine(bench: Bench): Promise<Section> {
  const running = await startContenders(bench, workspaces)
  try {
    const turns = await turnsHere(bench, running)
    const rounds = new Map<TurnName, Measured[]>(turns.map(([name]) => [name, []]))
    for (let round = 0; round <= bench.rounds; round++) {
      for (const [name, turn] of turns) {
        // Round 0 warms up and does not count.
        const seconds = round === 0 ? warmUpSeconds(bench) : bench.seconds * (inGoals.has(name) ? 1 : brief)
        const measured = await run(running[turn.who]!, turn, seconds, `${round}_${name}`)
        bench.log(`round ${round}: ${label(turn)} ${Math.round(measured.opsPerSecond)} ops/s`)
        if (round > 0) rounds.get(name)!.push(measured)
      }
    }
    for (const { contender } of Object.values(running)) await contender.audit?.()
    return {
      results: turns.map(([name, turn]) => result(lineOf(running[turn.who]!.contender, turn), rounds.get(name)!)),
      ratios: ratiosOf(rounds),
      noisy: turns
        .filter(([name, { who }]) => who === 'typical' && inGoals.has(name) && isNoisy(rounds.get(name)!))
        .map(([, turn]) => `${label(turn)} differs by more than 30 % between rounds`),
      legend,
    }
  } finally {
    for (const one of Object.values(running)) await one.stop()
  }
}

const warmUpSeconds = ({ seconds }: Bench) => Math.min(1, seconds)

const label = ({ who, workload }: Turn) => `${who}, ${workload.name}, ${workload.callers} callers`

const lineOf = ({ name }: Contender, { workload }: Turn) => ({
  contender: name,
  workload: workload.name,
  callers: workload.callers,
})

/** The turns of those who run here; typical's best is at the number of callers that suits it best. */
async function turnsHere(bench: Bench, running: Partial<Record<Who, Running>>): Promise<[TurnName, Turn][]> {
  const best = await bestCallers(bench, running.typical!)
  return (Object.entries(lineup) as [TurnName, Turn][])
    .filter(([, { who }]) => running[who])
    .map(([name, turn]) =>
      name === 'typicalBest' ? [name, { ...turn, workload: { ...turn.workload, callers: best } }] : [name, turn],
    )
}

async function bestCallers(bench: Bench, typical: Running): Promise<number> {
  const speeds: number[] = []
  for (const callers of probed) {
    const turn = { ...lineup.typicalHot, workload: { ...lineup.typicalHot.workload, callers } }
    const { opsPerSecond } = await run(typical, turn, warmUpSeconds(bench), `probe_${callers}`)
    bench.log(`probe: ${label(turn)} ${Math.round(opsPerSecond)} ops/s`)
    speeds.push(opsPerSecond)
  }
  return probed[speeds.indexOf(Math.max(...speeds))]!
}

async function run(running: Running, turn: Turn, seconds: number, id: string): Promise<Measured> {
  const measured = await (turn.beside ? measureBeside : measure)(running.contender, { ...turn.workload, seconds }, id)
  await running.tidy()
  return measured
}
