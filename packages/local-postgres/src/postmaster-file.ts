import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { processLife } from './process-life.ts'

/** What PostgreSQL writes about itself into its data directory. */
export interface PostmasterFile {
  pid: number
  port: number
  /** 'starting', 'ready', 'stopping'; empty while the file is being written. */
  status: string
}

/** The postmaster.pid of a data directory, or null when there is none. */
export function readPostmasterFile(data: string): PostmasterFile | null {
  let lines: string[]
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return null
  }
  return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() }
}

/**
 * Is this live process the PostgreSQL of this data directory? After a crash the pid may belong to anybody, so its command
 * line decides. (Its working directory would too, but a container's root may not look at that.)
 */
export function isPostmaster(pid: number, data: string): boolean {
  if (!(pid > 1) || !processLife(pid).alive) return false
  const [program, ...flags] = commandLine(pid)
  return program?.endsWith('postgres') === true && flags.includes(data)
}

function commandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const line = execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    // Without separators: what postgres was started with is known, so cut there.
    const [program, rest] = line.split(' -D ', 2)
    return [program ?? '', rest?.split(' -p ')[0] ?? '']
  } catch {
    return []
  }
}
