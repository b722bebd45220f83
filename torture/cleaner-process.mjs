/**
 * Stands beside a run and outlives it: when the run is gone, however it ended, whatever it left is ended and removed. It hears of things
 * line by line ("+ process 4711", "- process 4711"); the end of its input is the end of the run.
 */
import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** PostgreSQL gets so long to end by itself: killed outright it would leave its shared memory behind. */
const patienceMs = 5_000

const left = new Set()
for await (const line of createInterface({ input: process.stdin })) {
  const thing = line.slice(2)
  if (line.startsWith('+ ')) left.add(thing)
  else left.delete(thing)
}

for (const pid of named('process')) if (isOurs(pid)) signal(pid, 'SIGKILL')
for (const data of named('database')) await endDatabase(data)
for (const folder of named('folder')) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })

function named(kind) {
  return [...left].filter((thing) => thing.startsWith(`${kind} `)).map((thing) => thing.slice(kind.length + 1))
}

async function endDatabase(data) {
  const pid = postmasterOf(data)
  if (pid === null || !signal(pid, 'SIGQUIT')) return
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(50)) if (!signal(pid, 0)) return
  signal(pid, 'SIGKILL')
}

function postmasterOf(data) {
  try {
    return readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[0]
  } catch {
    return null
  }
}

/** Where the system tells, a process that has only got the number of one of ours is left alone. */
function isOurs(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('headroom-torture-server-')
  } catch {
    return process.platform !== 'linux'
  }
}

/** False: there is no such process any more. */
function signal(pid, name) {
  try {
    process.kill(Number(pid), name)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
