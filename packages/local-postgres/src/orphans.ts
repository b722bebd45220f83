import { readdirSync, readlinkSync } from 'node:fs'

/**
 * Ends backends that outlived their postmaster, the way the postmaster would have: SIGQUIT makes them leave at once,
 * and recovery rolls back what they did. Only where the system shows working directories (Linux); elsewhere they are waited for.
 */
export function endOrphans(data: string): void {
  for (const pid of processesIn(data)) {
    try {
      process.kill(pid, 'SIGQUIT')
    } catch {
      // Gone by itself.
    }
  }
}

/** PostgreSQL's processes all sit in their data directory. */
function processesIn(data: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingDirectory(name) === data)
    .map(Number)
}

function workingDirectory(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}
