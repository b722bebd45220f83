/**
 * npx tsx scripts/rolling-restarts.ts [--restarts 50] [--clients 16]
 * Restarts two servers behind a load balancer in turn, while clients work, on a PostgreSQL of its own. Prints figures; exits 1 when a
 * call failed or the books are not what was answered.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalPostgres } from '@headroom/local-postgres'
import { rolling } from './restarts/rolling.ts'

const { values } = parseArgs({
  options: { restarts: { type: 'string', default: '50' }, clients: { type: 'string', default: '16' } },
})
const folder = await mkdtemp(join(tmpdir(), 'headroom-restarts-'))
const postgres = await startLocalPostgres({ dataDir: folder })
try {
  const rolled = await rolling({
    databaseUrl: postgres.ownerUrl,
    restarts: Number(values.restarts),
    clients: Number(values.clients),
    onRestart: (done) => console.error(`${done} of ${values.restarts} restarts`),
  })
  const { failures, ...figures } = rolled
  console.log(JSON.stringify({ ...figures, failed: failures.length, exits: [...new Set(figures.exits)] }, null, 2))
  for (const failure of failures.slice(0, 20)) console.log(failure)
  const isRight = rolled.used === rolled.committed && rolled.reserved === 0
  if (failures.length > 0 || !isRight || rolled.exits.some((code) => code !== 0)) process.exitCode = 1
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
