import { readFileSync } from 'node:fs'

/** What tells a live process from a later one with the same pid; null where the system does not say. */
export interface ProcessLife {
  alive: boolean
  start: string | null
}

/**
 * Is this process alive, and since when? A zombie counts as dead: in a container nobody may ever reap it,
 * and it holds nothing. Never throws.
 */
export function processLife(pid: number): ProcessLife {
  if (process.platform === 'linux') {
    const stat = readOrNull(`/proc/${pid}/stat`)
    if (stat !== null) {
      // The second field is the command in parentheses and may hold anything, so count from the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const alive = fields[0] !== 'Z' && fields[0] !== 'X'
      return { alive, start: fields[19] === undefined ? null : `${bootId()}.${fields[19]}` }
    }
  }
  return { alive: answersSignal(pid), start: null }
}

/** Is the process that had this pid and this start still the one running? Unknown starts count as equal. */
export function isStillRunning(pid: number, start: string | null): boolean {
  const life = processLife(pid)
  return life.alive && (life.start === null || start === null || life.start === start)
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Start times count from boot, and a machine may boot the same way twice. */
export function bootId(): string {
  return readOrNull('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'boot'
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
