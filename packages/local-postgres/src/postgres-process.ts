import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Account } from './data-root.ts'

export interface Program {
  binaries: Binaries
  name: 'postgres' | 'initdb'
  arguments: string[]
  account: Account | null
  /** Where its standard error goes: a pipe to us, or an open file. */
  errors: 'pipe' | number
  detached?: boolean
}

/** Nothing of our own environment: PGDATA and its kin would change what PostgreSQL does. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Runs one of PostgreSQL's programs under its account. Our own working directory may be closed to that one. */
export function spawnPostgres(program: Program): ChildProcess {
  return spawn(join(program.binaries.folder, program.name), program.arguments, {
    ...program.account,
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['ignore', program.errors === 'pipe' ? 'ignore' : program.errors, program.errors],
    detached: program.detached ?? false,
  })
}

/** Why a program did not even begin. Its file is there, so ENOENT speaks of its loader: the binaries are made for glibc. */
export function cannotRun(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') return error.message
  return 'its binaries do not run on this system (they need glibc 2.27 or newer): set DATABASE_URL to a PostgreSQL 15 or newer instead'
}
