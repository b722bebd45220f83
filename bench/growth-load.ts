import type { EngineInterface } from '@headroom/engine'
import { measured, result, type Measured } from './figures.ts'
import { reserveAndCommit } from './growth-history.ts'
import type { Result } from './section.ts'

/** Books of some size, open for work, and which of its workspaces the callers pick from. */
export interface Books {
  engine: EngineInterface
  workspace: (index: number) => string
  /** How many of them are worked on; each turn picks one at random. */
  active: number
  /** An instant at which all of them were there already. */
  past: number
}

/** Closed loop: each caller reserves, then commits, then starts over with another workspace. */
export async function work(books: Books, callers: number, seconds: number, run: string): Promise<Measured> {
  const latencies: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  async function timed<T>(one: () => Promise<T>): Promise<T> {
    const from = performance.now()
    const answer = await one()
    latencies.push(performance.now() - from)
    return answer
  }
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const workspace = books.workspace(Math.floor(Math.random() * books.active))
        await reserveAndCommit(books.engine, workspace, `${run}_${caller}_${turn}`, timed)
      }
    }),
  )
  return measured(latencies, performance.now() - start)
}

/** What pages and people look at, one look after the other on workspaces picked at random; a row of figures for each kind. */
export async function readings({ engine, workspace, active, past }: Books, contender: string): Promise<Result[]> {
  const looks: Record<string, (workspace: string) => Promise<unknown>> = {
    usage: (workspace) => engine.usage(workspace),
    'newest ledger page': (workspace) => engine.ledger(workspace, { limit: 50 }),
    'ledger page of a meter': (workspace) => engine.ledger(workspace, { meter: 'sends', limit: 50 }),
    'balances in the past': (workspace) => engine.balances(workspace, past),
    'reservations page': (workspace) => engine.reservations(workspace, { limit: 50 }),
  }
  const results: Result[] = []
  for (const [what, look] of Object.entries(looks)) {
    const anywhere = () => look(workspace(Math.floor(Math.random() * active)))
    results.push(await reading(contender, `read ${what}`, anywhere))
  }
  return results
}

async function reading(contender: string, workload: string, look: () => Promise<unknown>): Promise<Result> {
  const latencies: number[] = []
  const start = performance.now()
  for (let turn = 0; turn < 300; turn++) {
    const from = performance.now()
    const seen = await look()
    if (seen === undefined || seen === 'out_of_range') throw new Error(`${workload}: there is nothing to see`)
    latencies.push(performance.now() - from)
  }
  return result({ contender, workload, callers: 1 }, [measured(latencies, performance.now() - start)])
}
