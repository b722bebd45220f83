/**
 * npm run bench: what people would pick instead and what we do, side by side on one PostgreSQL with fsync on, in turn, several
 * rounds. Only the ratios within one run mean anything (docs/reference/bench.md). BENCH_ONLY names the sections, BENCH_ROUNDS
 * and BENCH_SECONDS their length, BENCH_OUT a file for the JSON.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres } from '@headroom/local-postgres'
import { settingsOf } from './database.ts'
import { printRatios, printResults, reportOf } from './report.ts'
import type { RunSection, Section } from './section.ts'

/** Loaded when it is their turn, so that none carries what another needs. */
const sections: Record<string, () => Promise<RunSection>> = {
  engine: async () => (await import('./engine-section.ts')).engine,
  http: async () => (await import('./http-section.ts')).http,
  growth: async () => (await import('./growth-section.ts')).growth,
  start: async () => (await import('./start-section.ts')).start,
}

const { BENCH_ONLY: only, BENCH_OUT: out } = process.env
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4)
const chosen = only ? only.split(',') : Object.keys(sections)
const unknown = chosen.filter((name) => !sections[name])
if (unknown.length > 0)
  throw new Error(`No section ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}`)

const folder = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
const postgres = await startLocalPostgres({
  dataDir: folder,
  // Checkpoints are made between runs, not within: the more somebody writes, the sooner one would fall into its time.
  settings: { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min' },
})
async function end(): Promise<void> {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
// Interrupted, it leaves nothing running and nothing on the disk either.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void end().finally(() => process.exit(1)))

try {
  const settings = await settingsOf(postgres.adminUrl)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`
  console.log(`${machine}; Node ${process.version}`)
  console.log(
    `PostgreSQL: ${Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  )
  if (settings['fsync'] !== 'on' || settings['synchronous_commit'] !== 'on')
    throw new Error('The bench counts only with durable commits: fsync and synchronous_commit must be on')

  const done: Section[] = []
  for (const name of chosen) {
    const run = await sections[name]!()
    console.log(`\n${name}`)
    const section = await run({ postgres, rounds, seconds, log: (line) => console.log(line) })
    printResults(section)
    done.push(section)
  }
  printRatios(done)
  if (out)
    await writeFile(
      out,
      `${JSON.stringify(reportOf({ machine, postgres: settings, rounds, seconds }, done), null, 2)}\n`,
    )
} finally {
  await end()
}
