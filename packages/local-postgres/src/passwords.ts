import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** One password for each role: superuser, owner of the schema, application. */
export interface Passwords {
  postgres: string
  owner: string
  app: string
}

const FILE = 'database-passwords.json'

/** The passwords kept in the data root, or null when there are none yet. */
export function readPasswords(root: string): Passwords | null {
  try {
    return JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Passwords
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Makes passwords and keeps them where only our own account can read them. They are on disk before anything uses them. */
export function makePasswords(root: string): Passwords {
  const password = () => randomBytes(24).toString('hex')
  const passwords = { postgres: password(), owner: password(), app: password() }
  const fresh = join(root, `${FILE}.new`)
  const file = openSync(fresh, 'w', 0o600)
  writeSync(file, JSON.stringify(passwords))
  fsyncSync(file)
  closeSync(file)
  renameSync(fresh, join(root, FILE))
  return passwords
}
