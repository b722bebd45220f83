/**
 * npm run torture -- --crash-points [--kills 40] [--seconds N] [--seed S]: the servers die at one point after the other, each so many
 * times, while the clients work on; nothing else is broken. Prints a table; exit 1 on any violation, or where a point was not reached
 * often enough in the time.
 */
import { bundleServer } from './bundle.ts'
import { Chance } from './chance.ts'
import { crashPoints, passingOf } from './crash-points.ts'
import type { Faults } from './faults.ts'
import { linesOf } from './report.ts'
import { torture } from './run.ts'
import type { ServerProcess } from './server-process.ts'
import type { Stage } from './stage.ts'
import type { States } from './states.ts'

/** A point that is not passed for so long is given up for another one, and comes again. */
const patienceMs = 12_000

export async function crashRun({
  seconds,
  seed,
  kills,
}: {
  seconds: number
  seed: number
  kills: number
}): Promise<boolean> {
  const killed = new Map(crashPoints.map((point) => [point, 0]))
  const isDone = () => [...killed.values()].every((times) => times >= kills)
  const built = await bundleServer()
  try {
    const faults = (stage: Stage, _caller: unknown, states: States) =>
      crashFaults(stage, killed, Chance.of(seed, 'crashes'), states)
    const report = await torture({ seconds, seed, serverFile: built.file, faults, isDone })
    console.log(linesOf(report).join('\n'))
    console.log(
      ['', 'Killed at', ...[...killed].map(([point, times]) => `  ${String(times).padStart(5)}  ${point}`)].join('\n'),
    )
    const total = [...killed.values()].reduce((sum, times) => sum + times, 0)
    console.log(
      `${crashPoints.length} points, ${total} kills, ${report.violations.length + report.moreViolations} violations`,
    )
    return report.violations.length === 0 && isDone()
  } finally {
    await built.remove()
  }
}

/** Each server is always about to die; at the point that has killed least so far. */
function crashFaults(stage: Stage, killed: Map<string, number>, chance: Chance, states: States): Faults {
  const aims = new Map<ServerProcess, { point: string; since: number }>()
  let isOver = false

  const aim = (server: ServerProcess): void => {
    if (isOver) return server.start()
    const taken = new Set([...aims.values()].map(({ point }) => point))
    const free = [...killed].filter(([point]) => !taken.has(point))
    const least = Math.min(...free.map(([, times]) => times))
    const point = chance.oneOf(free.filter(([, times]) => times === least))[0]
    aims.set(server, { point, since: Date.now() })
    server.arm(point, passingOf(point, chance))
    server.start()
  }
  for (const server of stage.servers) {
    server.onEnd = (how) => {
      const aimed = aims.get(server)
      if (how === 'crash point' && aimed) {
        killed.set(aimed.point, killed.get(aimed.point)! + 1)
        states.reach('a server that died at a crash point')
      }
      aim(server)
    }
  }
  const restart = async (server: ServerProcess): Promise<void> => {
    await server.kill()
    aim(server)
  }
  const watch = setInterval(() => {
    for (const [server, { point, since }] of aims) {
      if (Date.now() - since < patienceMs || isOver) continue
      // It is put behind the others for this round, without counting.
      aims.set(server, { point, since: Date.now() })
      void restart(server)
    }
  }, 500)
  for (const server of stage.servers) void restart(server)
  return {
    counts: killed,
    async end() {
      isOver = true
      clearInterval(watch)
      await Promise.all(stage.servers.map((server) => server.kill()))
      for (const server of stage.servers) server.start()
    },
  }
}
