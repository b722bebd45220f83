/**
 * A new data directory is brought to disk while PostgreSQL starts on it already; until it is there, a note lies beside it. Nothing is
 * answered before that, so a power loss in between loses nothing but the time: the next start finds the note and begins anew.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootId } from './process-life.ts'

/** Where the system does not say whether it went down in between, nothing can be left for later. */
export const knowsBoots = bootId() !== 'boot'

const noteIn = (home: string): string => join(home, 'unsynced')

/** Written to disk itself, before the data directory gets its name. */
export function noteUnsynced(home: string): void {
  writeFileSync(noteIn(home), bootId())
  sync(noteIn(home))
  syncFolder(home)
}

export const isUnsynced = (home: string): boolean => existsSync(noteIn(home))

export function forgetUnsynced(home: string): void {
  rmSync(noteIn(home), { force: true })
  syncFolder(home)
}

/** The machine went down before it was on disk: what lies there may have holes. In the same boot nothing can be missing. */
export function mayHaveHoles(home: string): boolean {
  return isUnsynced(home) && readFileSync(noteIn(home), 'utf8') !== bootId()
}

/** A rename is on disk once the folder is. */
export const syncFolder = (path: string): void => sync(path)

function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}
