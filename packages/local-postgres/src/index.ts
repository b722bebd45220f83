export { LocalPostgresError } from './local-postgres-error.ts'
export { runningPostgres } from './running-postgres.ts'
export { startLocalPostgres } from './start-local-postgres.ts'
export type { LocalPostgres, LocalPostgresOptions } from './start-local-postgres.ts'
