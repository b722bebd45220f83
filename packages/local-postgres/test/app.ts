/** The smallest app on a local PostgreSQL: what the tests start, kill and interrupt. Arguments: data directory, port. */
import { LocalPostgresError, startLocalPostgres } from '../src/index.ts'

const [dataDir = '', port = '0', settings = '{}'] = process.argv.slice(2)
try {
  const postgres = await startLocalPostgres({
    dataDir,
    appPort: Number(port),
    settings: { fsync: 'off', ...(JSON.parse(settings) as Record<string, string>) },
    log: (line) => console.error(line),
  })
  const stop = () => void postgres.stop().then(() => process.exit(0))
  process.on('SIGINT', stop)
  // The test that started it is gone, or was interrupted itself.
  process.stdin.on('end', stop).resume()
  console.log(JSON.stringify(postgres))
} catch (error) {
  if (!(error instanceof LocalPostgresError)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}
