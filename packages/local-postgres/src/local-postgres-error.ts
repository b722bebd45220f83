/** A refusal to start that a person can act on: one line, and the exit code the process should end with. */
export class LocalPostgresError extends Error {
  readonly exitCode = 2
  override readonly name = 'LocalPostgresError'
}
