import { readFileSync, readlinkSync } from 'node:fs'
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
 * Is this live process the PostgreSQL of this data directory? After a crash the pid may belong to anybody, so where
 * the system tells, its working directory decides: a postmaster always sits in its data directory.
 */
export function isPostmaster(pid: number, data: string): boolean {
  if (!(pid > 1) || !processLife(pid).alive) return false
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data
  } catch (error) {
    // Not ours to look at means: of another account, and PostgreSQL's would be ours.
    return (error as NodeJS.ErrnoException).code !== 'EACCES'
  }
}
