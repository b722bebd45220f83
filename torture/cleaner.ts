/** What this process has made in the world and somebody has to remove, also when the process is killed: see cleaner-process.mjs. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

type Kind = 'process' | 'database' | 'folder'

let line: Writable | undefined

/** To be ended, or removed, when this process is gone. A database is named by PostgreSQL's own directory. */
export const leaves = (kind: Kind, name: string | number): void => say(`+ ${kind} ${name}`)

/** It is gone already. */
export const hasRemoved = (kind: Kind, name: string | number): void => say(`- ${kind} ${name}`)

function say(what: string): void {
  line ??= startCleaner()
  line.write(`${what}\n`)
}

/** In a session of its own: Ctrl-C is for the run, and the cleaner cleans up after it. */
function startCleaner(): Writable {
  const script = fileURLToPath(new URL('cleaner-process.mjs', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  ;(child.stdin as Writable & { unref?: () => void }).unref?.()
  return child.stdin
}
