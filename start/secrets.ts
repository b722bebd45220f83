/** Secrets nobody has to think of: made at the first start, kept beside the database, readable by their owner alone. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Secret {
  value: string
  file: string
  isNew: boolean
}

/** The secret of that name; two processes that start at once end with the same. */
export async function secretOf(folder: string, name: string, prefix = ''): Promise<Secret> {
  const file = join(folder, name)
  const value = prefix + randomBytes(32).toString('base64url')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Written beside its place and linked there whole: a process killed in between leaves no half of a secret.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${value}\n`, { mode: 0o600 })
  try {
    await link(draft, file)
    return { value, file, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { value: (await readFile(file, 'utf8')).trim(), file, isNew: false }
  } finally {
    await rm(draft, { force: true })
  }
}
