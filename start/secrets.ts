/** Secrets nobody has to think of: made at the first start, kept beside the database, readable by their owner alone. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Secret {
  value: string
  file: string
  isNew: boolean
}

/** The secret of that name; two processes that start at once end with the same. */
export function secretOf(folder: string, name: string, prefix = ''): Secret {
  const file = join(folder, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const made = prefix + randomBytes(32).toString('base64url')
  try {
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' })
    return { value: made, file, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { value: readFileSync(file, 'utf8').trim(), file, isNew: false }
  }
}
