import { isLostConnection } from '@headroom/engine'
import { ConfigError } from '@headroom/server'

/** What PostgreSQL says of a database, a role, a right or a table that is not there. */
const refusals = new Set(['28000', '28P01', '3D000', '42501', '3F000', '42P01'])

/**
 * For a command whose exit code 1 says what it found: whatever kept it from looking is 2. A database that does not answer, or a file that
 * cannot be written, is one line; a fault of ours is told whole.
 */
export async function plainly(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConfigError || 'exitCode' in (error as object)) throw error
    const { code = '', message, syscall } = error as { code?: string; message: string; syscall?: string }
    if (isLostConnection(code, message) || refusals.has(code))
      throw new ConfigError(`The database cannot be used: ${message || code}`)
    if (syscall !== undefined) throw new ConfigError(message)
    console.error(error)
    return 2
  }
}
