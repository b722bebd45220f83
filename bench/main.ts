/**
 * npm run bench: what people would pick instead and our engine, side by side on one PostgreSQL with fsync on, in turn, several
 * rounds. Only the ratios within one run mean anything. BENCH_OUT names a file for the JSON, BENCH_ROUNDS and BENCH_SECONDS its length.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres } from '@headroom/local-postgres'
import pg from 'pg'
import { headroom } from './headroom.ts'
import { measure, type Measured, type Workload } from './load.ts'
import { typical } from './typical.ts'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4)
const limit = 1_000_000_000
const spread = 10_000

const workloads: (Workload & { contender: 'typical' | 'headroom' })[] = [
  { contender: 'typical', name: 'hot', workspaces: 1, callers: 64, seconds },
  { contender: 'headroom', name: 'hot', workspaces: 1, callers: 64, seconds },
  { contender: 'headroom', name: 'hot', workspaces: 1, callers: 2_000, seconds },
  { contender: 'typical', name: 'spread', workspaces: spread, callers: 64, seconds },
  { contender: 'headroom', name: 'spread', workspaces: spread, callers: 64, seconds },
  { contender: 'headroom', name: 'spread', workspaces: spread, callers: 4_000, seconds },
]

const folder = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
const postgres = await startLocalPostgres({
  dataDir: folder,
  settings: { shared_buffers: '1GB', max_connections: '60' },
})
try {
  const settings = await settingsOf(postgres.adminUrl)
  console.log(
    `PostgreSQL ${settings['server_version']}, fsync ${settings['fsync']}, synchronous_commit ${settings['synchronous_commit']}, ${cpus().length} cores`,
  )
  if (settings['fsync'] !== 'on' || settings['synchronous_commit'] !== 'on')
    throw new Error('The bench counts only with durable commits')
  const contenders = {
    typical: await typical(postgres.ownerUrl, spread, limit),
    headroom: await headroom(postgres, spread, limit),
  }
  const measured = workloads.map((): Measured[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, workload] of workloads.entries()) {
      // Round 0 warms up and does not count.
      const result = await measure(
        contenders[workload.contender],
        round === 0 ? { ...workload, seconds: 1 } : workload,
        `${round}_${index}`,
      )
      if (round > 0) measured[index]!.push(result)
    }
  }
  report(measured)
  await Promise.all([contenders.typical.stop(), contenders.headroom.stop()])
  if (process.env['BENCH_OUT'])
    await writeFile(process.env['BENCH_OUT'], JSON.stringify(asJson(measured, settings), null, 2))
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers')`,
  )
  await client.end()
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

function middle(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** The median of the ratios round by round: neighbours in time, so that a slow minute of the machine weighs on both. */
function ratios(measured: Measured[][]): Record<string, number> {
  const of = (above: number, below: number, figure: (measured: Measured) => number) =>
    Number(middle(measured[above]!.map((one, round) => figure(one) / figure(measured[below]![round]!))).toFixed(2))
  const speed = (one: Measured) => one.opsPerSecond
  return {
    hot64VsTypical: of(1, 0, speed),
    hot2000VsTypical: of(2, 0, speed),
    spread64VsTypical: of(4, 3, speed),
    spread4000VsTypical: of(5, 3, speed),
    hot64P50Typical: of(0, 1, (one) => one.p50Ms),
  }
}

function report(measured: Measured[][]): void {
  console.table(
    workloads.map(({ contender, name, callers }, index) => {
      const speeds = measured[index]!.map(({ opsPerSecond }) => opsPerSecond)
      return {
        contender,
        workload: name,
        callers,
        'ops/s': Math.round(middle(speeds)),
        'min-max': `${Math.round(Math.min(...speeds))}-${Math.round(Math.max(...speeds))}`,
        'p50 ms': Number(middle(measured[index]!.map(({ p50Ms }) => p50Ms)).toFixed(2)),
        'p99 ms': Number(middle(measured[index]!.map(({ p99Ms }) => p99Ms)).toFixed(2)),
      }
    }),
  )
  console.table(ratios(measured))
  for (const index of [0, 3]) {
    const speeds = measured[index]!.map(({ opsPerSecond }) => opsPerSecond)
    if (Math.max(...speeds) > 1.3 * Math.min(...speeds))
      console.log(`noisy: typical ${workloads[index]!.name} differs by more than 30 % between rounds`)
  }
}

function asJson(measured: Measured[][], settings: Record<string, string>) {
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    postgres: settings,
    rounds,
    results: workloads.map(({ contender, name, callers }, index) => {
      const speeds = measured[index]!.map(({ opsPerSecond }) => opsPerSecond)
      return {
        contender,
        workload: name,
        callers,
        opsPerSecond: { min: Math.min(...speeds), median: middle(speeds), max: Math.max(...speeds) },
        p50Ms: middle(measured[index]!.map(({ p50Ms }) => p50Ms)),
        p99Ms: middle(measured[index]!.map(({ p99Ms }) => p99Ms)),
      }
    }),
    ratios: ratios(measured),
  }
}
